"""Orders and refunds as store events.

Field names are those of the REST resources Order and Refund, and of the topics orders/* and
refunds/create; docs/reference/shopify-mapping.md says what becomes of each.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from ripresa.connectors.shopify.people import buyer_of, consents_of
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.mapping.finishing import Draft, draft, mapped, said
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code

_NAMES = {
    "order.number": "name",
    "order.currency": "currency",
    "order.discount_codes": "discount_codes",
    "order.cart_token": "cart_token",
    "order.checkout_id": "checkout_id",
    "order.total": "total_price",
    "order.discount_total": "total_discounts",
    "order.tax_total": "total_tax",
    "cart.token": "checkout_token",
}
# Everything else, sales channels and apps of unknown names among them, is the shopper's own order.
_ORIGINS = {
    "pos": "staff",
    # An order exists once its draft was completed: somebody bought, and staff entered it.
    "shopify_draft_order": "staff",
    "subscription_contract": "renewal",
    "subscription_contract_checkout_one": "renewal",
}
# An order brought in from another system carries its true date in processed_at. For one placed in
# Shopify the two are seconds apart, and the later is surely after the last state of its checkout.
_BACKDATED_BY = timedelta(hours=1)


def events_of_order(payload: object) -> list[Outcome]:
    """Events of orders/create, orders/updated, orders/cancelled or an order, then rejections."""
    return mapped("shopify:order", payload, "id", _order)


def events_of_refund(payload: object, *, currency: str | None = None) -> list[Outcome]:
    """Events of refunds/create or a refund, then rejections.

    `currency` is the order's, for transactions that name none.
    """
    return mapped("shopify:refund", payload, "id", partial(_refund, currency=currency))


def _order(order: Fields) -> Iterator[Draft]:
    currency = _currency(order)
    try:
        yield from _placed(order, currency)
    except Invalid as wrong:
        order.note(wrong)
    yield from consents_of(order.part("customer"))
    cancelled = order.instant("cancelled_at")
    if cancelled is not None:
        yield draft("order.cancelled", cancelled, order={"id": order.required("id")})
    for refund in order.parts("refunds"):
        try:
            yield from _refund(refund, currency=currency, order_id=order.required("id"))
        except Invalid as wrong:
            order.note(wrong)


def _placed(order: Fields, currency: str | None) -> Iterator[Draft]:
    """One event at the purchase, and one at the latest change: the later one's contents count."""
    created, updated = order.instant("created_at"), order.instant("updated_at")
    at = _placed_at(order, created)
    contact, names = buyer_of(order)
    checkout_token = order.text("checkout_token")
    cart_token = order.text("cart_token")
    block = said(
        {
            "id": order.required("id"),
            "number": order.text("name"),
            "currency": currency,
            "total": _required_total(order),
            "discount_total": _spare_amount(order, "total_discounts", currency),
            "tax_total": _spare_amount(order, "total_tax", currency),
            "shipping_total": _spare_amount(order, "total_shipping_price", currency),
            "discount_codes": _codes(order),
            "cart_token": cart_token or checkout_token,
            "checkout_id": order.text("checkout_id"),
            "origin": _ORIGINS.get((order.text("source_name") or "web").lower(), "web"),
            "test": order.flag("test"),
        }
    )
    # A checkout that came without its cart's token goes by its own.
    cart = {"token": checkout_token} if cart_token and checkout_token else None
    names |= _NAMES
    # A checkout's id is told by webhooks alone, and so are some of the ways to reach a buyer.
    known = {name: value for name, value in block.items() if name != "checkout_id"}
    who = {name: contact.get(name) for name in ("email", "customer_id")}
    blocks = {"contact": contact, "order": block, "cart": cart}
    for instant in [at, updated] if updated is not None and updated > at else [at]:
        yield draft(
            "order.placed", instant, names=names, known_by={"order": known, "who": who}, **blocks
        )


def _placed_at(order: Fields, created: datetime | None) -> datetime:
    processed = order.instant("processed_at")
    if created is None:
        created = processed
    if created is None:
        raise Invalid("created_at", Code.MISSING, "is needed")
    if processed is not None and processed < created - _BACKDATED_BY:
        return processed
    return created


def _currency(order: Fields) -> str | None:
    """The currency the buyer paid in: refunds are counted in it as well."""
    return _presented(order, "total_price").text("currency_code") or order.text("currency")


def _presented(order: Fields, name: str) -> Fields:
    return order.part(f"{name}_set").part("presentment_money")


def _required_total(order: Fields) -> str:
    money = _presented(order, "total_price")
    total = money.amount("amount") if money.has("currency_code") else order.amount("total_price")
    if total is None:
        raise Invalid("total_price", Code.MISSING, "is needed")
    return total


def _spare_amount(order: Fields, name: str, currency: str | None) -> str | None:
    """An amount in the order's currency that may be left out: in another one it says nothing."""
    try:
        money = _presented(order, name)
        if money.has("currency_code"):
            return money.amount("amount") if money.text("currency_code") == currency else None
        if order.text("currency") != currency:
            return None
        if name == "total_shipping_price":
            return _shipping(order)
        return order.amount(name)
    except Invalid as wrong:
        order.note(wrong)
        return None


def _shipping(order: Fields) -> str | None:
    prices = [line.amount("price") for line in order.parts("shipping_lines")]
    return str(sum(Decimal(price) for price in prices if price is not None)) if prices else None


def _codes(order: Fields) -> list[str]:
    try:
        codes = [each.text("code") for each in order.parts("discount_codes")]
    except Invalid as wrong:
        order.note(wrong)
        return []
    return [code for code in codes if code is not None]


def _refund(
    refund: Fields, *, currency: str | None = None, order_id: str | None = None
) -> Iterator[Draft]:
    """One event with what was paid back; none for goods taken back without money."""
    ident = refund.required("id")
    order_id = order_id or refund.required("order_id")
    at = refund.instant("processed_at") or refund.instant("created_at")
    if at is None:
        raise Invalid(refund.at("created_at"), Code.MISSING, "is needed")
    paid = Decimal(0)
    for transaction in refund.parts("transactions"):
        if (transaction.text("kind"), transaction.text("status")) != ("refund", "success"):
            continue
        paid += _paid(transaction)
        named = transaction.text("currency")
        currency = _same(transaction.at("currency"), named, currency)
    if paid:
        block: dict[str, Any] = {
            "id": ident, "order_id": order_id, "amount": str(paid), "currency": currency,
        }  # fmt: skip
        yield draft("order.refunded", at, refund=block)


def _paid(transaction: Fields) -> Decimal:
    amount = transaction.amount("amount")
    if amount is None:
        raise Invalid(transaction.at("amount"), Code.MISSING, "is needed")
    return Decimal(amount)


def _same(path: str, named: str | None, known: str | None) -> str:
    """The one currency of a refund. Raises Invalid if there are two, or none."""
    if named is None and known is None:
        raise Invalid(path, Code.MISSING, "is needed where the order's currency is not known")
    if named is not None and known is not None and named != known:
        raise Invalid(path, Code.NOT_A_CURRENCY, f"must be {known}, as of the order")
    return named or known or ""
