"""Connections: the shops we hear from by themselves, and what they called us about.

Owns each connection with its sealed secrets, how far its shop was asked, and the calls that came in for it.
Promises that no call is lost once it was answered, and that no secret is stored open.
Leaves what a call means to connectors, and what follows from events to the fold.
"""
