"""E-mail by SMTP.

Owns MIME layout and the SMTP conversation. Promises to call a mail refused only where the provider
surely did not take it, and unknown only where nobody can tell.
Leaves retry, suppression and pause to the caller.
"""
