"""Migrations of the attribution slice.

Owns its tables and its indexes on facts. Promises to run beside the release before.
Leaves data to rebuilds.
"""
