"""Links to shop platforms, one folder each.

Owns the words of each platform. Promises store events that keep the contract, and a word for what didn't fit.
Leaves storing and folding them to use cases.
"""
