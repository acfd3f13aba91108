"""Tests in a real Chromium.

Owns the browser, and pages that fail their test when they err. Promises that nothing leaves the machine.
Leaves what is served to the tests themselves.
"""
