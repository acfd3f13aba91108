"""The customers room: search, and the profile of CUS-2 and CUS-3.

Owns the two pages. Promises that abandonments never count as orders and no sum crosses currencies.
Leaves who is who to the contacts slice.
"""
