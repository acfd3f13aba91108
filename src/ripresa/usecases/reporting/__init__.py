"""Reports: what came back, who earned it, what it cost, and that nobody was written to who should not be.

Owns how figures are kept, asked for and told. Promises that CSV, API and console show the same numbers.
Leaves the arithmetic and the statements to the attribution slice.
"""
