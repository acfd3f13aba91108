"""Figures by mail: each member who wants them gets those of the last week or month.

Owns who wants them, when they are due, and their words. Promises the reports' numbers, each period once.
Leaves counting to the reports, and sending to the channel that reaches the owner.
"""
