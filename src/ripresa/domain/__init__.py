"""What the system knows, one slice a noun, with the same rooms in each: rules, models, queries, operations, sql.

Owns every table. Promises that invariants are constraints.
Leaves the order of things to use cases.
"""
