"""Notices to agents in Microsoft Teams, by a workflow that posts what a webhook gets.

Owns the Adaptive Card and its limits. Promises that no word of a customer's becomes markup or a link.
Leaves the workflow to whoever made it: its 202 says that it began, not that it posted.
"""
