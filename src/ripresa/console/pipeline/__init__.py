"""The pipeline: the board of deals, and one deal with all an agent does about it.

Owns the pages. Promises that a deal moves only from where its mover saw it, by mouse or by keyboard.
Leaves what a move means to the deals slice.
"""
