"""Legal bases: what allows a message where nobody has said yes or no.

Owns the presets that scenario files name, as versioned data, and what a shop asks beyond them. Promises that
a refusal always stops and that the rule which allowed a message can be named. Leaves to a lawyer whether a
preset is right for a shop (this is not legal advice), and to the hand-over asking at the right moment.
"""
