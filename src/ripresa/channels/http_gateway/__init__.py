"""Short messages by any gateway that takes them over HTTP; Kannel's form is what it starts from.

Owns filling in a gateway's form and reading its answer by the account's settings. Promises nothing of
a gateway that it does not say itself: most know no keys and sign nothing.
Leaves retry, suppression and pause to the caller.
"""
