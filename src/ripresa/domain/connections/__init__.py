"""Connections: the shops we hear from by themselves.

Owns each connection with its sealed secrets, and how far its shop was asked.
Promises that no secret is stored open, and that a shop that was away is asked for all of it.
Leaves what a call means to connectors, and what follows from events to the fold.
"""
