"""The management API on a real database.

Owns what each call answers, to whom, and at what cost in queries. Promises one instant: T0.
Leaves hostile input over a real server to the property-based tests.
"""
