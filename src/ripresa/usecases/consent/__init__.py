"""What people agreed to and what they took back: asked, changed, imported, told, and the suppression list.

Owns the proof beside each change. Promises that a refusal is obeyed by the next message, whoever brought
it. Leaves the look before each message to the hand-over.
"""
