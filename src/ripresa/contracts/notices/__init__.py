"""Notices to agents by other ways than mail: what every channel that posts one does alike.

Owns the notice itself, which addresses it may be posted to, and what an answer means for it. Promises that
an address, which is a secret, stands in no error and no log.
Leaves what a post looks like to each channel, and what happens to a notice nobody took to the caller.
"""
