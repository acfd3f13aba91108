"""Campaign files: YAML in, values out.

Owns the reading of `version: 1` and its words for what is wrong. Promises to name the line and the field of
everything that is. Leaves what the shop has to whoever asks it to read.
"""
