"""Notices to agents in Slack, by an incoming webhook.

Owns Slack's form of a message and its limits. Promises that no word of a customer's becomes a mention, a link
or markup.
Leaves making the webhook, and choosing its channel, to Slack.
"""
