"""The picture library: what the shop's mails can show.

Owns the page with all pictures. Promises to say where each one stands before it can go. Leaves checking
and resizing to the media slice.
"""
