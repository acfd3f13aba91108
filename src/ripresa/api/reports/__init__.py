"""Reports by API: what the console and `ripresa report` tell, as JSON and as CSV.

Owns how figures travel. Promises the same numbers everywhere, as of the last count.
Leaves counting and sharing to use cases.
"""
