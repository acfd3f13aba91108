"""What every console page shares: access, frame, error pages, and the words for states and reasons.

Owns who may open what. Promises that a shop's pages open for its members alone.
Leaves what a page shows to the rooms.
"""
