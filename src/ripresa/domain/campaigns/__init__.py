"""Campaigns: one message to all the people of an audience, once or as they come.

Owns what a campaign says, whom it has reached, and what it may cost. Promises one row a person and
campaign, so nobody gets it twice, whoever is merged with whom. Leaves deciding, composing
and sending to the hand-over.
"""
