"""Scenarios: who hears what, when; and each run of one, a recovery.

Owns scenario, its versions and recovery. Promises one open recovery for each cart and scenario.
Leaves the sending to messages.
"""
