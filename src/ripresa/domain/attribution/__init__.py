"""What a message really brought: facts, credit of orders, roll-ups, and lift against a hold-out.

Owns touchpoints from outside, shares of orders, figures by day, and the estimators that compare two arms.
Promises shares that add up to the cent, and figures that a rebuild from the facts gives again, row for row.
Leaves messages, feedback, orders and carts, which are the facts, to their own slices.
"""
