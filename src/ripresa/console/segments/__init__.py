"""Segments: the list, and the builder that writes a condition row by row.

Owns the pages. Promises that the people shown while one edits are those that would be written to.
Leaves what a condition means to the segments slice, and keeping it to its use case.
"""
