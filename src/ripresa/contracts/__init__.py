"""Frozen values and protocols that both sides of an edge share.

Owns store events and what channels are given and answer. Promises stability: version 1.
Leaves behaviour to those who implement them.
"""
