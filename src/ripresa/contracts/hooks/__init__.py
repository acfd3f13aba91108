"""Calls of providers: what every reader of them does alike.

Owns taking a call's fields apart. Promises that what is no proper form is refused in words.
Leaves signatures and meaning to each provider's reader.
"""
