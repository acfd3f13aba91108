"""Campaigns at work: kept, previewed, started, advanced, paused and ended.

Owns the order in which that happens. Promises that a preview counts what the sending would send, and touches
nothing. Leaves every single message to the hand-over.
"""
