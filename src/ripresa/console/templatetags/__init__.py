"""Template tags of the console.

Owns how money, instants, states and icons look. Promises one look everywhere.
Leaves what is shown to the views.
"""
