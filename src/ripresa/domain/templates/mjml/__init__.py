"""Sound MJML: what may stand in it, and how it is written down.

Owns the vocabulary and the rules for attributes and addresses. Promises that what passes can
neither run, submit nor fetch anything but pictures. Leaves the parsing to preflight.
"""
