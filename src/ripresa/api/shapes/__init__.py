"""Shapes that travel and that more than one part of the API, or the command line, needs.

Owns how orders, items, stories and scenario files look from outside. Promises no decision of its own.
Leaves what stands in them to the use cases.
"""
