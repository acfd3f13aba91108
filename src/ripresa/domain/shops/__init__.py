"""Shops: tenants, their settings and access keys.

Owns shop, access_key and membership. Promises that a key says which shop it belongs to.
Leaves what happens in a shop to the other slices.
"""
