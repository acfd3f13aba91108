"""The audit log: who did what, when, to what, and how it was before.

Owns its entries. Promises that an entry stands or falls with the change it tells of, and that it holds
neither secrets nor anything of a person but ids. Leaves to the use cases when there is something to tell.
"""
