"""What is left of a person who was erased: keyed hashes of her keys, and nothing else.

Owns the tombstones. Promises that no event, file or call brings her back.
Leaves the erasing itself to its use case.
"""
