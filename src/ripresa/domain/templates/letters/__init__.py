"""Letters: blocks that a person wrote, set on paper as PDF.

Owns blocks, windows of envelopes, addresses and the pages. Promises that what is set has every glyph,
keeps out of where nothing may be printed, and can never become code of the typesetter.
Leaves who gets a letter to scenarios and campaigns, and how it reaches the post to channels.
"""
