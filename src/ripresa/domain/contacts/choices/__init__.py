"""What a person says for herself: her consent, channel by channel, and her language.

Owns how such a word is taken down and when it changes her profile.
Promises that it holds whatever else is told of her, until she says otherwise.
Leaves what a consent covers to consents, and who may be written to to the scenarios.
"""
