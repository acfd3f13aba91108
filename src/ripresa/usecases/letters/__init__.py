"""Letters: setting them when they are due, recalling them, hearing that one came back.

Owns the story of a letter between its words and its provider. Promises that a letter which can't be
printed or delivered is never handed over, and that a retry prints what was printed before.
Leaves pages and addresses to the templates slice, and the way to the post to channels.
"""
