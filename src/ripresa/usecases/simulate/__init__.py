"""Simulate: events through the real code on a virtual clock.

Owns the clock's hands and the three files it writes. Promises the same bytes for the same events, however
shuffled, repeated or shared among workers. Leaves every decision to the code that runs for real.
"""
