"""Shadow mode: run beside an older system. All is decided, with its trail, and nothing leaves.

Owns the switch and what is told of it. Promises that what was decided in the shadow stays there for good.
Leaves the decisions themselves to the desk, which makes them as always.
"""
