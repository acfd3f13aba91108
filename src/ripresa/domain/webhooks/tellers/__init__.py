"""What rows of other slices look like to the outside: carts and orders, recoveries, messages.

Owns which change is told as which happening. Promises to read nothing unless somebody wants to hear it, and
then by key, in the transaction that made the change.
Leaves changing these rows to their slices, none of which it imports.
"""
