"""Webhooks: who wants to hear what happens, what there is to tell, and what became of each call.

Owns the endpoints of a shop, its happenings, their deliveries and the log of attempts. Promises that what
happens is written down in the transaction in which it happens, told at least once and under one id, and in
its order to whoever hears of one subject.
Leaves what a call says, and making it, to use cases.
"""
