"""What is sent to pages: how much, how long, by whom, how much of it at once.

Owns the limits of bodies. Promises that none without an end, and no file of a stranger's, is taken in.
Leaves what a body says to the pages.
"""
