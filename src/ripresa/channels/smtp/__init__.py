"""E-mail by SMTP.

Owns MIME layout and the SMTP conversation. Promises never to call a mail refused once its final dot was sent.
Leaves retry, suppression and pause to the caller.
"""
