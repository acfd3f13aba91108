"""The legal rules a shop asks beyond the presets, chosen in its settings.

Owns the rules in the reader's words and the pages on which one is chosen. Promises that what a change
would stop is told before it is saved. Leaves which rule is stricter to the domain, and the room's own page
to the settings.
"""
