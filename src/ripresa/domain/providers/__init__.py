"""Providers: whose services carry a shop's messages, and what they call us about.

Owns each shop's provider accounts, with their sealed secrets, and the calls that came in for them.
Promises that a shop has at most one account in use for each kind of message, and that no secret is
stored open.
Leaves the providers themselves to channels, and what follows from their feedback to use cases.
"""
