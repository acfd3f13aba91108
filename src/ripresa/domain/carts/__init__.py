"""Carts and orders: what was collected, left behind and bought.

Owns cart, its activity, abandonment, order and refund. Promises that the same events give the
same rows in any order. Leaves who is written to about it to scenarios.
"""
