"""Calls about those who carry messages: accounts with providers, and what was heard that fits nothing.

Owns how an account and a stray word travel. Promises that no secret and no address for a provider's calls is
ever shown. Leaves opening accounts to the command line, where secrets can be typed.
"""
