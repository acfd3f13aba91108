"""Long work that can be left and found again: what runs in the shop, and how far it is.

Owns the one page. Promises that it is reached from every page while something runs.
Leaves the work itself to workers, and its own pages to the rooms it belongs to.
"""
