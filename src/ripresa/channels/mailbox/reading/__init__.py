"""Reading: what one mail is, from its bytes alone.

Owns the rules by which a mail is a bounce, a complaint, an automatic reply or none of these, as tables.
Promises an answer in bounded time and memory for whatever bytes come in.
Leaves to others whose message the mail speaks of.
"""
