"""Imports: files that people bring, kept until they are taken in, and how far that has come.

Owns the file in pieces, its progress and its complaints. Promises that what was counted was stored, and that
an import which broke off goes on where it stood. Leaves what a row means to the use cases.
"""
