"""What comes from the shop's pages, with a key that anybody can read there.

Owns what such a key may say, how often, and from which pages. Promises that nobody can make the shop
write to a victim in words of his own. Leaves storing, and the shop's own systems, to the intake.
"""
