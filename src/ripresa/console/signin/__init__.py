"""How one signs in: passkeys, an app with codes, and where one is signed in.

Owns the page of whoever looks at it, and of nobody else. Promises that codes are shown once.
Leaves the proofs to the use cases.
"""
