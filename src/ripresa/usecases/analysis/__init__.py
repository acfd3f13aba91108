"""Attribution and lift over files, for analysts and auditors.

Owns how tables of touchpoints, orders and people are read. Promises the code that the reports use, and that
no row is passed over
but one that says again what another said. Leaves the arithmetic to the attribution slice.
"""
