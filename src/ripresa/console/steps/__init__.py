"""What a scenario's steps are called.

Owns their names in the reader's language. Promises one name in every room. Leaves ids to files and the API.
"""
