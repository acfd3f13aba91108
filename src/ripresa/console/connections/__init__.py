"""The shops behind a shop: connected, looked after, let go.

Owns the pages of connections. Promises that a secret is never shown again and nothing is closed unasked.
Leaves all that is done to the use cases of `ripresa connect` and `ripresa connection`.
"""
