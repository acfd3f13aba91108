"""The merge language: which fields there are and what may be said with them.

Owns fields, tags, grammar and the check at save. Promises that MiniJinja is given nothing that was
not understood. Leaves the filling in to merge.
"""
