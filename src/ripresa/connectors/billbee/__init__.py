"""Billbee: what its orders mean as store events.

Owns Billbee's field names. Promises that an order taken anywhere stops reminders.
Leaves carts to others: Billbee has none.
"""
