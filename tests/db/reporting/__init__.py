"""Reports on a real database.

Owns the promises of RPT and AGT-4. Promises worked examples to the cent. Leaves pages to the console's tests.
"""
