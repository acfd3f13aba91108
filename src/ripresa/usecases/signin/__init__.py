"""Proving who one is: codes of an app, recovery codes, passkeys, and where one is signed in.

Owns these proofs. Promises that each code works once, and that what is kept proves nothing to a thief.
Leaves pages to the console.
"""
