"""Scenarios over the API: their files and versions, and their life.

Owns those calls. Promises that a file goes out as it came in.
Leaves what a file means, and what may become of a scenario, to use cases.
"""
