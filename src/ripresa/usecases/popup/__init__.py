"""The pop-up of the storefront script (CAP-10): what it says, when it shows, how it looks.

Owns its settings, and words in every language of the console. Promises that every wording has a version of
its own, which stands in the proof of whoever agreed. Leaves showing it to storefront/src/popup.js.
"""
