"""Deals: agents, whose customer is whose, and the pipeline in which large carts are worked on.

Owns agent, assignment, pipeline, stage, deal and its log. Promises one open deal for each
cart, and that a deal once won stays won. Leaves telling the agent, and all mail, to scenarios.
"""
