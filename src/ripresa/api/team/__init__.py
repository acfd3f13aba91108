"""Who works in a shop, what waits for a second person, and who did what.

Owns these calls. Promises that a key is never a second person to whoever made it.
Leaves inviting people and giving them roles to the console and the command line.
"""
