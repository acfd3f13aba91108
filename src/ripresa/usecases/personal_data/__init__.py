"""What is kept of a person: told to her, and erased.

Owns the list of all tables that may hold something of hers. Promises that a table not on it fails a test.
Leaves tombstones to contacts.
"""
