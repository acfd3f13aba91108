"""Coupons: pools of codes, and which code stood in whose message.

Owns coupon_pool, coupon_code and coupon_issue. Promises that a code is given once.
Leaves whether a step offers one to scenarios, and what it says to templates.
"""
