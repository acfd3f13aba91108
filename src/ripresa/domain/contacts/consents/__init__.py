"""Consent: what people said, by channel, with proof.

Owns its history and what a shop makes of it. Promises that nothing said is ever overwritten.
Leaves who is who to contacts, and what consent is asked for to the legal bases.
"""
