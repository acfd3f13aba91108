"""What all parts of the management API share: keys, rates, problems, pages and values.

Owns how requests are let in and answered. Promises that every refusal is a problem of RFC 9457.
Leaves what is asked for to the modules that answer it.
"""
