"""Short messages by Twilio.

Owns its API, its signatures and its error codes. Promises that a message whose answer got lost is
looked for before it is called unknown, for Twilio knows no keys of ours.
Leaves retry, suppression and pause to the caller.
"""
