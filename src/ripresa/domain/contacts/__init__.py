"""Contacts: one person, many keys.

Owns contact, its keys, consent and suppression. Promises that a weak key never merges two people.
Leaves carts and orders to their slice.
"""
