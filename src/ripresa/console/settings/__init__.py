"""The settings: a page for each matter that a shop decides once, beside a list of them all.

Owns the list of rooms and the frame around them. Promises that each change goes the way that the
programming interface and the command line go, too. Leaves what a setting means to the use cases.
"""
