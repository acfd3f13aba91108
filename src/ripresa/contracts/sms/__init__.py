"""Short messages as text: what they cost, how they get cheaper, what a reply asks for.

Owns the GSM alphabet, the rules of parts and the words of STOP. Promises the same answer to the counter
in an editor, the sender and the bill.
Leaves prices, consent and sending to others.
"""
