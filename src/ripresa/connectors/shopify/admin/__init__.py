"""Shopify's GraphQL Admin API: what is asked there, and what its answers mean.

Owns the documents we send and the shapes of what comes back. Promises that every document fits the
schema, and that a shop's own pace is kept without holding others up.
Leaves what an order or a checkout means to the package above.
"""
