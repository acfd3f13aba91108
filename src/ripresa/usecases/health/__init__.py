"""Capture health (OPS-3): whether everything is heard that happens in the shop.

Owns the figures of it, and the alarm when a shop goes quiet. Promises that a small shop's quiet evening
alarms nobody, and that each alarm is told once and called off once. Leaves mending to people.
"""
