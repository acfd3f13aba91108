"""Shops: tenants, their settings and their keys.

Owns shop, access_key, api_key, membership and install. Promises that a key says which shop it is for.
Leaves what happens in a shop to the other slices.
"""
