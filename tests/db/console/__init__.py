"""The console on a real database.

Owns what each page shows, to whom, and at what cost in queries. Promises one instant: T0.
Leaves looks and keyboard to the browser tests.
"""
