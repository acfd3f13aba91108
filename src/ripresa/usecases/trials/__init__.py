"""Whether what is set up works, tried by whoever set it up: a provider account, a text to oneself.

Owns how often that may be. Promises that a test is marked as one and its links are harmless. Leaves the
figures alone.
"""
