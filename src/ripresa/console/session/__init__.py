"""Signing in and out, and choosing a shop.

Owns the way to the first page. Promises never to say whether a user name exists.
Leaves passwords and sessions to Django.
"""
