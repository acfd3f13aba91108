"""What the lowest layer says to people.

Owns errors that keep the pattern of their message. Promises that each can be told in another language.
Leaves the translation, and the sayings of all other layers, to those above.
"""
