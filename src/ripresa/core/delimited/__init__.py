"""Delimited text files: what people save from a spreadsheet and call CSV.

Owns how such a file is encoded, what parts its columns, and its rows. Promises little memory for any size.
Leaves what the columns mean to whoever asked for them.
"""
