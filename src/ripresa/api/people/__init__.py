"""What a person may ask of the shop: consent, suppression, her data and its end.

Owns these calls. Promises that each leaves a proof or a log. Leaves the profile to contacts.
"""
