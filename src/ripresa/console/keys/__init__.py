"""Keys to the API and for events.

Owns their page. Promises that a key is shown once, when it is made, and to owners alone.
Leaves what a scope allows to the API.
"""
