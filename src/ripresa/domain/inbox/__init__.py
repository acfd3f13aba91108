"""Inbox: store events as they arrived.

Owns inbox and the keys of orders not yet folded. Promises that an event is stored once.
Leaves its meaning to the fold.
"""
