"""What a shop has decided for itself: its hours, and what is switched on.

Owns these calls. Promises that a preview stores nothing. Leaves the other settings to the shop's own address.
"""
