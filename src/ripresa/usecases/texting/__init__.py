"""What is said by short message outside of any scenario: whether a yes was hers, and what HELP is told.

Owns the words and the limits of both. Promises one answer and one question to a number in so long, whatever
comes in. Leaves sending to channels and what was agreed to contacts.
"""
