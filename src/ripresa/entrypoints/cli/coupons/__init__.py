"""`ripresa coupon`: pools of codes, the files that fill them, and what is left.

Owns what is asked and shown there. Promises to store nothing that was not shown first, unless told so.
Leaves reading and storing to use cases.
"""
