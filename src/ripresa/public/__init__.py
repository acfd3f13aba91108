"""Pages a shopper meets: restore, unsubscribe, view in browser.

Owns their texts. Promises that a GET changes nothing and that no page shows personal data.
Leaves what follows to use cases.
"""
