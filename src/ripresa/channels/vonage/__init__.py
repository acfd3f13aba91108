"""Short messages by Vonage's SMS API.

Owns its form, its signatures (fields and JWT) and its status codes. Promises that a message of which
some parts were taken is not sent again.
Leaves retry, suppression and pause to the caller.
"""
