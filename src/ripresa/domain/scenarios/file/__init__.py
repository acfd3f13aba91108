"""Scenario files: YAML in, a plan or everything that is wrong with it out.

Owns the format of version 1. Promises to name file, line, field and the nearest right word.
Leaves what a plan means to the modules above, and storing it to the use case.
"""
