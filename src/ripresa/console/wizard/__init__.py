"""The wizard: a scenario in eight steps, each at its own address, over a draft of its file.

Owns the pages. Promises that every change is saved and that Review leads to whatever still blocks.
Leaves what is right in a file to the scenarios slice, and going live to the scenarios room.
"""
