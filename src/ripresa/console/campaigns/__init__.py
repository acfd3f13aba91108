"""Campaigns: the list, the steps that write one, its life, its results and its people.

Owns the pages. Promises that nothing starts before its people, its cost and what blocks it were shown.
Leaves what a file means, whom it reaches and what may leave to the use cases.
"""
