"""People who work in a shop: asked to join, given a role, taken out.

Owns these steps and the mails about them. Promises that a shop never loses its last owner, and that a link
in a mail works once and not for long. Leaves signing in to signin.
"""
