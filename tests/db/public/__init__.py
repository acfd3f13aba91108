"""The pages a shopper meets, on a real database.

Owns restore, unsubscribe and view in browser. Promises that nobody is signed in.
Leaves what the mails say to the tests of templates.
"""
