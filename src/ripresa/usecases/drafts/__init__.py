"""Drafts: a scenario file while somebody is writing it.

Owns how a draft begins, is saved and becomes a version. Promises that a draft is never lost by being
wrong, and never acts on anybody. Leaves what is wrong with a file to the scenarios slice.
"""
