"""The builder of conditions, whatever they ask about: people of a segment, or carts of a scenario.

Owns groups and rows, what they can ask, and how a condition reads. Promises that a condition it shows is
written again with the same meaning. Leaves which page it stands on, and who is asked, to the rooms.
"""
