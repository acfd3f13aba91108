"""What the app may do in a shop, and what fails without it. Source: shopify.dev, api/usage/access-scopes."""

from ripresa.contracts.calling.sayings import say

SCOPES = {
    "read_orders": say("neither orders nor checkouts are heard of"),
    "read_customers": say("consent that is given or taken back in the shop is not heard of"),
    "read_products": say("prices, stock and pictures can't be looked at"),
    "read_discounts": say("codes can't be checked before they are sent"),
    "write_discounts": say("no codes can be made in the shop"),
}


def missing(granted: frozenset[str]) -> tuple[str, ...]:
    """The scopes that are wanted and were not granted; to write is to read as well."""
    reads = {scope.replace("write_", "read_", 1) for scope in granted}
    return tuple(scope for scope in SCOPES if scope not in granted | reads)


def named(text: str) -> frozenset[str]:
    """The scopes in an answer: commas between them."""
    return frozenset(scope.strip() for scope in text.split(",") if scope.strip())
