"""Tables in text files, row by row.

Owns the look before anything is stored, and the complaint for each wrong row.
Promises that a file of any length takes little memory. Leaves what a row means to its use case.
"""
