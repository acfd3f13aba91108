"""A second person looks before something goes live.

Owns the asking, the answer, and the guard that use cases call. Promises that an answer holds for exactly
what was asked about, and that nobody answers herself. Leaves going live to the use cases.
"""
