"""Sending: what is due to whom, and whether it may go.

Owns the facts and the decision on one due message. Promises a reason for all that does not go.
Leaves claiming, composing and handing over to use cases.
"""
