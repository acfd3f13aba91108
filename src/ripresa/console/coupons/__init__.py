"""Coupons: pools with their stock, files of codes for them, and who has got which.

Owns how pools are shown and filled by hand. Promises that a file is shown before a code of it is stored.
Leaves reading files, counting and giving codes out to the use cases.
"""
