"""Webhooks out: endpoints kept, what happened put into words, calls made and their outcomes taken down.

Owns the payload of a call, its signature, and how many calls are under way. Promises that a slow endpoint
holds nobody else, and that an endpoint in the install's own network is only called if it was named as such.
Leaves what happens, and writing it down, to the slices in which it happens.
"""
