"""Sending: the pieces of one hand-over, from the facts to the claim.

Owns the order in which due messages are weighed, and what is looked up for some of them only. Promises that
what is claimed was decided under the locks of its people. Leaves the wire to send_messages.
"""
