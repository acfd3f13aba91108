"""Shops behind connections: what is done there, and what is asked of them when.

Owns renewal, registration, reconciliation, history, the last word before a hand-over, and errands.
Promises that a shop is never spoken to while a transaction is open.
Leaves what a platform says to its connector, and hearing its calls to `read_calls`.
"""
