"""Addresses never to be used again, with cause.

Owns the list, its digests and the log of what was changed by hand. Promises that no consent lifts an entry.
Leaves the check before each message to hand-over.
"""
