"""What a shop has decided for itself: its hours, what is switched on, consent, tracking, retention.

Owns these calls. Promises that a preview stores nothing. Leaves the other settings to the shop's own address.
"""
