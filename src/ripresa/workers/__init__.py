"""Binds a kind of due row to one use case.

Owns the loop, the lease and the sleep. Promises that one bad row never stops the others.
Leaves what is done with a row to use cases.
"""
