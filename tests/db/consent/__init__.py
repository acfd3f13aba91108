"""Consent, suppression and what a person may ask of us, on a real database.

Owns the promises of CNS. Promises that each holds on every path. Leaves sending to the tests of use cases.
"""
