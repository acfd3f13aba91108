"""Campaigns through the API: their files, and their life.

Owns the paths under /campaigns. Promises that whatever lets a message leave asks for the scope to
send. Leaves every decision to the use cases.
"""
