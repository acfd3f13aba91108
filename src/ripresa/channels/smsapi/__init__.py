"""Short messages by SMSAPI (smsapi.com, smsapi.pl, smsapi.bg).

Owns its form, its error codes and its reports. Promises that a message asked for twice is sent once:
its own index of ours is checked there.
Leaves retry, suppression and pause to the caller.
"""
