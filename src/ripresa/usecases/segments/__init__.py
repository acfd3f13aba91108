"""Segments are kept, put to use and looked through.

Owns what a person does with a segment: save, rename, delete, see what is for it and whom it reaches.
Promises that none is deleted or renamed while something is for it. Leaves its meaning to the slice.
"""
