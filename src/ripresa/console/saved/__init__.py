"""Saved views: the filters of a list under a name.

Owns the two actions on them. Promises that nobody sees or removes another member's own views.
Leaves what filters mean to the rooms whose lists they are of.
"""
