"""The audit log of a shop, to read and to take away.

Owns its page and its file. Promises that whoever may not change the shop does not see who changed it.
Leaves writing it to the use cases.
"""
