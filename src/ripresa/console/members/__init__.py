"""Who works in a shop, as what.

Owns the page of members. Promises that only owners reach it.
Leaves what a role may do to the pages themselves.
"""
