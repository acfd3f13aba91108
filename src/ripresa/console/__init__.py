"""Pages for merchants and agents.

Owns what people see. Promises that every number has its definition beside it.
Leaves every change to use cases.
"""
