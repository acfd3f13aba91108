"""Reports in the console: what came back, who earned it, what would have come anyway, and the proof.

Owns their pages and filters. Promises the numbers of API and command line, each with its definition.
Leaves counting to use cases.
"""
