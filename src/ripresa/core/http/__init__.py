"""Calls over HTTP to others: providers, mostly.

Owns time-outs, encryption, and which places may be called. Promises to say of each failed call whether
the other side can have heard of it.
Leaves what a call means, and whether to make it again, to the caller.
"""
