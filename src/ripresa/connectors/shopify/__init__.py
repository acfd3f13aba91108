"""Shopify: what its REST answers and webhook bodies mean as store events.

Owns Shopify's field names. Promises the same events for the same state, and no event lost to a bad detail.
Leaves asking Shopify, and hearing from it, to a later part of this package.
"""
