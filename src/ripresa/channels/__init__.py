"""Providers that carry messages, one folder each.

Owns the words of each provider. Promises one fate for each message.
Leaves the decision whether to send, and what follows a refusal, to use cases.
"""
