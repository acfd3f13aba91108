"""Tests of the storefront script, and of the demo shop that carries it.

Owns a small shop's site and a collector, both real servers on loopback. Promises a fresh pair per test.
Leaves the browser to the package above.
"""
