"""Who carries what leaves: senders, accounts with providers, and endpoints that are told what happens.

Owns their rooms in the settings. Promises that a secret is shown once at most, and that nothing is sent
unasked. Leaves opening, trying and calling to the use cases.
"""
