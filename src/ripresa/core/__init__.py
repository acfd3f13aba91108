"""What everything stands on: clock, ids, money, configuration, database access.

Owns nothing of the domain. Promises that time, money and ids mean the same everywhere.
Leaves every decision to the layers above.
"""
