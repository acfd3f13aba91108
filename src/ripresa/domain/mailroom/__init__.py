"""Mailroom: mails that came in, for bounces and answers.

Owns every mail as it was received until it is read, and how far each mailbox was fetched.
Promises that a mail is stored once, before it is accepted, and read until that has come to an end.
Leaves what a mail is to channels, and what follows from it to use cases.
"""
