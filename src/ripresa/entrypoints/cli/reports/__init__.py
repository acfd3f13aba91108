"""`ripresa report`: what came back, who earned it, what it cost, and the proof that nobody was pestered.

Owns what is asked and shown there. Promises the numbers of API and console, brought up to date first.
Leaves counting to use cases.
"""
