"""The texts of a shop: written block by block, looked at with a real cart, their pictures, what they cost.

Owns what keeps a text from being sent, in plain words. Promises that a preview sends and keeps nothing, and
that no link in it leads anywhere. Leaves compiling and merging to the domain.
"""
