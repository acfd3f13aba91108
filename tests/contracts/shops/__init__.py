"""One suite over all connectors: each brings a shop on loopback and recorded calls, and keeps the same promises.

Owns what is asked of every connector. Promises that faults lose nothing and let nothing false in.
Leaves what is peculiar to a platform to its own tests.
"""
