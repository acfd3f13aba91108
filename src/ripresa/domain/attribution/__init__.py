"""What a message really brought: credit of orders, and lift against a hold-out.

Owns the models that share an order among touchpoints and the estimators that compare two arms.
Promises shares that add up to the cent, and intervals whose formulae are named.
Leaves where touchpoints and orders come from to the use cases.
"""
