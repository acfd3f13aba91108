"""Secrets at rest: what providers have to be told and nobody is shown again.

Owns the keys of an install and how its secrets are sealed with them. Promises that a secret can be
read with a key that was rotated away, for one rotation, and that neither keys nor secrets are printed.
Leaves where sealed secrets are stored to the slices that have some.
"""
