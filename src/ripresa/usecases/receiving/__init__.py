"""The domains that receive our mails: whether they take any, and how many they should get.

Owns what is known of them, and the questions to the DNS. Promises that a silent DNS blocks nothing.
Leaves the decision about each message to hand-over.
"""
