"""Carts as people look at them: listed, told from beginning to end, and worked on many at once.

Owns the story of a cart. Promises that whatever is told has its reason with it. Leaves what happens to
carts by itself to the use cases of the main job.
"""
