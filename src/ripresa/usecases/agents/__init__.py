"""Agents as a shop keeps them: whose customers people are, the pipeline, and what is done with deals.

Owns one transaction for each change, written down in the audit log. Promises that an imported list is
looked at as a whole before any of it is stored. Leaves who is asked at a hand-over to the deals.
"""
