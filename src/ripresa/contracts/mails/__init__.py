"""What every channel for mails writes alike.

Owns the headers that a mail brings with it. Promises that no value breaks out of its header.
Leaves addresses and the bytes to the channel.
"""
