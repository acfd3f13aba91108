"""The carts room: the list with its figures, and one cart with the whole trail of reasons.

Owns the two pages. Promises that filters live in the address and that nothing is unexplained.
Leaves which carts count to the carts slice.
"""
