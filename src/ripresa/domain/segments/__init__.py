"""Segments: people chosen by a saved condition over them and the carts they left behind.

Owns what a condition means and the one query that counts, shows and yields its people. Promises that
the number shown and the people written to come from it alike. Leaves to its callers what is done with them.
"""
