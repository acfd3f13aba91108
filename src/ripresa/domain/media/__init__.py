"""Media: the pictures that a shop's mails show, and our own copies of what the shop shows elsewhere.

Owns uploaded pictures and copies, in the database, so that every process and every back-up has them.
Promises that what is served was decoded and written anew by us. Leaves where they stand to templates.
"""
