"""Medusa 2: what its carts, orders and customers mean as store events.

Owns Medusa's field names. Promises the same events for the same state, and no event lost to a bad detail.
Leaves telling us to a subscriber in the shop (shops/medusa): Medusa calls nobody by itself.
"""
