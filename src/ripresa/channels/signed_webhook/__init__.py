"""Notices to agents as signed calls of a program of the shop's own.

Owns the form of the call. Promises that it is signed by Standard Webhooks, and that one notice has one id.
Leaves what becomes of the notice to whoever takes the call.
"""
