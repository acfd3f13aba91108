"""The mail services, one module each.

Owns what is a service's own: settings, signature, words for a bounce. Promises plain data and small
functions, so that listing the services loads none of them. Leaves what all share to the modules above.
"""
