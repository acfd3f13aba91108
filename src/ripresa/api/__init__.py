"""The management API: what the console shows and does, for programs, under /api/v1.

Owns its addresses and the shapes of what travels. Promises that a key never sees beyond its shop.
Leaves every decision to use cases and every look-up to queries.
"""
