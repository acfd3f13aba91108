"""A shop that speaks Shopify's documented protocol, on loopback.

Owns the part of the GraphQL Admin schema that we use. Promises that a document it takes is one that fits that schema.
Leaves what is asked to the tests.
"""
