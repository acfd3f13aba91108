"""The scenarios room: the plan as a line of time, its state, its figures, its file.

Owns the pages. Promises that going live shows first how many carts it would reach.
Leaves what a plan means to the scenarios slice.
"""
