"""From a platform's payloads to store events.

Owns how a payload is read field by field, and what an event is worth sending without.
Promises stable ids, the contract's own checks, and no event lost to a bad detail.
Leaves what a platform's fields mean to its connector.
"""
