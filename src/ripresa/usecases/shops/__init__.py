"""A shop and what it is set to: made, changed, its keys, its hours, what it uses.

Owns what else has to change in the same transaction. Promises that each change is written down with whoever
made it. Leaves consent and providers to the folders of that name.
"""
