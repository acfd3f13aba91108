"""The overview of a shop.

Owns the first page: what is due, came back, stands still. Promises a definition with each number.
Leaves details to the other rooms.
"""
