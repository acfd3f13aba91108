"""What the system knows: one slice a noun, each with rules, models, queries, operations and sql.

Owns every table. Promises that invariants are constraints.
Leaves the order of things to use cases.
"""
