"""A shop's accounts with those who carry its messages, and the senders these come from.

Owns what is sealed of them. Promises that no secret is ever shown again, and that an account is held before
it is empty. Leaves speaking to providers to the channels.
"""
