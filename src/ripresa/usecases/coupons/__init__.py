"""Pools of coupons as people look after them: files for them, who got what, what uses them.

Owns what brings coupons together with people, messages, orders and plans. Promises that nothing is stored
out of a file before somebody has seen it. Leaves giving codes out to the hand-over.
"""
