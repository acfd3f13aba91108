"""Everything that is hot from outside: store the event, then answer.

Owns raw ASGI, key checks and the group commit. Promises that a 202 means PostgreSQL has it on disk.
Leaves the meaning of an event to the fold.
"""
