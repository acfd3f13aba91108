"""Signing in: what proves who somebody is, what failed, where she is signed in, and mails about it.

Owns second factors, passkeys, sessions and pauses after failures. Promises that no secret is kept that can
be read. Leaves passwords to Django, and who may work in which shop to shops.
"""
