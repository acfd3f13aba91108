"""The stop-all switch of a shop.

Owns its page. Promises that nothing changes without a confirmation.
Leaves the stop itself to the use case.
"""
