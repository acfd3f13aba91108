"""The same thing open in two tabs, or before two people.

Owns the marks of what a page was shown from, and what differs. Promises that nothing is saved over
what she has not seen. Leaves what is done about it to the rooms.
"""
