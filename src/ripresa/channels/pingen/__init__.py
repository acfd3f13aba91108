"""Pingen: a service that prints and posts letters.

Owns its protocol, version 2. Promises that a letter is sent only after Pingen has read from the PDF
the address that we meant, and that asked twice it is sent once.
Leaves the window to the account's settings, for an organisation chooses it.
"""
