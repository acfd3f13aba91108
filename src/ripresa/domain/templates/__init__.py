"""Templates: what a message says.

Owns presets, the way from MJML to HTML and the merging per person. Promises that an unknown field
is an error at save. Leaves the sending to messages.
"""
