"""What is heard and how: capture health, the storefront script, the pop-up, shadow mode.

Owns their pages in the settings. Promises the same figures as the command line and the programming interface.
Leaves figures, words and the switch to their use cases, and the shops behind it to connections.
"""
