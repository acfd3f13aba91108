"""Mailbox: mails that come back to us, for shops that send by plain SMTP.

Owns fetching them (LMTP, IMAP) and reading what they say: bounces, complaints, automatic and human replies.
Promises that no ordinary mail and no automatic reply is taken for a bounce of an address.
Leaves storing a mail, believing it and what follows from it to the use cases.
"""
