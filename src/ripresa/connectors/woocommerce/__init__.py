"""WooCommerce: what its REST answers and webhook bodies mean as store events, and errands done there.

Owns WooCommerce's field names and addresses.
Promises the same events for the same state, and no event lost to a bad detail.
Leaves carts to the plugin in the shop, which speaks store events itself.
"""
