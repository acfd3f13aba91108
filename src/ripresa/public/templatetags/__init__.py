"""Template tags of the public pages.

Owns how a price looks to a shopper. Promises the reader's own way of writing it.
Leaves texts to the table of texts.
"""
