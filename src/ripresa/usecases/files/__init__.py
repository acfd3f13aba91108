"""Files: contacts, orders and carts out of tables that people bring, and back into such tables.

Owns which column means what, how a row becomes store events, and how a long import goes on.
Promises an answer for every row, little memory for any size, and nothing doubled however often it is taken.
Leaves what the events change to the fold, and where files are kept to the imports slice.
"""
