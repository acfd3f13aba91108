"""Messages: what is planned, handed over and reported back, and why.

Owns message, its links and the trail of decisions. Promises one message for each
origin, step and channel. Leaves the question who hears what to scenarios.
"""
