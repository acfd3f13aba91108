"""What follows from feedback: which message is meant, who is left alone, what is held, what ends.

Owns the rules of docs/explanation/feedback.md. Promises that the same things told in another order, or
again, come to the same. Leaves reading what providers say to channels.
"""
