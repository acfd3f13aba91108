"""What waits for a second person, and her answer.

Owns these pages. Promises that she sees what exactly she answers about.
Leaves the rule that there must be an answer to the use cases.
"""
