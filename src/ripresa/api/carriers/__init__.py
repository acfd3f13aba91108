"""Calls about those who carry messages and those who hear of them: accounts, stray words, webhooks out.

Owns how these travel. Promises that no secret and no address for a provider's calls is ever shown, but what
signs a webhook's calls once, when it was made.
Leaves opening accounts to the command line, where secrets can be typed.
"""
