"""A folder from which the merchant prints: each batch one PDF with its list of letters.

Owns the files of a batch and the reading of what comes back. Promises that a batch is whole as soon as
its PDF is there, and that no letter stands in two of them.
Leaves printing and posting to whoever watches the folder.
"""
