"""Carts and checkouts as store events.

Field names are those of the REST resources AbandonedCheckout and of the topics carts/* and
checkouts/*; docs/reference/shopify-mapping.md says what becomes of each.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from ripresa.connectors.shopify.people import buyer_of, consents_of
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.mapping.finishing import Draft, draft, mapped, said
from ripresa.contracts.mapping.people import is_somebody
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code

# What Shopify calls the only variant of a product without variants.
_NO_VARIANT = "Default Title"
_ITEM_KEYS = ("product_id", "variant_id", "sku", "quantity", "unit_price")


def events_of_cart(payload: object, *, currency: str) -> list[Outcome]:
    """Events of carts/create or carts/update, then rejections.

    `currency` is the shop's own: carts name one only beside prices shown in another.
    """
    return mapped("shopify:cart", payload, "token", partial(_cart, currency=currency))


def events_of_checkout(payload: object, *, keep_url: bool = True) -> list[Outcome]:
    """Events of checkouts/create, checkouts/update or an abandoned checkout, then rejections.

    Without `keep_url` the recovery URL, a secret, is left out where a cart of the same items can be made.
    """
    return mapped("shopify:checkout", payload, "id", partial(_checkout, keep_url=keep_url))


def _cart(cart: Fields, currency: str) -> Iterator[Draft]:
    at = cart.instant("updated_at") or cart.instant("created_at")
    if at is None:
        raise Invalid("updated_at", Code.MISSING, "is needed")
    token = cart.required("token")
    lines = cart.required_parts("line_items")
    if not lines:
        yield draft("cart.emptied", at, cart={"token": token})
        return
    shown = lines[0].part("price_set").part("presentment_money").text("currency_code")
    items, names = _items(lines, set_currency=shown)
    block = {"token": token, "currency": shown or currency, "items": items}
    total = _sum_of_lines(lines, shown)
    yield draft("cart.updated", at, names=names, cart=block | said({"total": total}))


def _checkout(checkout: Fields, keep_url: bool) -> Iterator[Draft]:  # noqa: FBT001  (bound by name)
    created, updated = checkout.instant("created_at"), checkout.instant("updated_at")
    at = updated or created
    if at is None:
        raise Invalid("updated_at", Code.MISSING, "is needed")
    ident = checkout.required("id")
    # Without either token an order still finds the checkout by its id.
    token = checkout.text("cart_token") or checkout.text("token") or f"checkout-{ident}"
    keys = {"token": token, "checkout_id": ident}
    key_names = {"cart.token": "cart_token"}
    # Told by its id alone: of the tokens, a webhook tells two and the Admin API at most one.
    known = {"checkout": ident}
    begun = min(created or at, at)
    yield draft("checkout.started", begun, names=key_names, known_by=known, cart=keys)
    yield from consents_of(checkout.part("customer"))
    contact, names = buyer_of(checkout)
    if is_somebody(contact):
        # An event of its own, so that lines nobody can read do not hide whose they are.
        yield draft("contact.identified", at, names=names | key_names, contact=contact, cart=keys)
    completed = checkout.instant("completed_at")
    if completed is not None:
        # Its lines were bought. Told as an update they would look like a new cart, begun after the
        # order; told as nothing, the loss of the order's own event would let reminders go on.
        ended = max(completed, at)
        yield draft("cart.emptied", ended, names=key_names, known_by=known, cart=keys)
    else:
        yield _contents(checkout, at, keys, keep_url=keep_url)


def _contents(checkout: Fields, at: datetime, keys: dict[str, str], *, keep_url: bool) -> Draft:
    """What is in it, and worth: the goods after discounts, before shipping and tax on top."""
    known: dict[str, Any] = {"checkout": keys["checkout_id"]}
    items, names = _items(checkout.required_parts("line_items"))
    if not items:
        token_name = {"cart.token": "cart_token"}
        return draft("cart.emptied", at, names=token_name, known_by=known, cart=keys)
    shown = checkout.text("presentment_currency")
    needs_url = keep_url or not all("variant_id" in item for item in items)
    block = said(
        {
            "currency": shown or checkout.text("currency"),
            "items": items,
            "total": checkout.amount("subtotal_price"),
            "restore_url": checkout.text("abandoned_checkout_url") if needs_url else None,
        }
    )
    names |= {
        "cart.currency": "presentment_currency" if shown else "currency",
        "cart.total": "subtotal_price",
        "cart.restore_url": "abandoned_checkout_url",
        "cart.token": "cart_token",
    }
    known |= {name: block.get(name) for name in ("currency", "total")}
    known["items"] = [[item.get(name) for name in _ITEM_KEYS] for item in items]
    return draft("cart.updated", at, names=names, known_by=known, cart=keys | block)


def _items(
    lines: list[Fields], *, set_currency: str | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    items, names = [], {"cart.items": "line_items"}
    for index, line in enumerate(lines):
        variant = line.text("presentment_variant_title") or line.text("variant_title")
        items.append(
            said(
                {
                    "product_id": line.text("product_id") or line.text("variant_id"),
                    "sku": line.text("sku"),
                    "title": line.text("presentment_title") or line.text("title"),
                    "variant": None if variant == _NO_VARIANT else variant,
                    "variant_id": line.text("variant_id"),
                    "quantity": line.values.get("quantity"),
                    "unit_price": _shown(line, "price", set_currency),
                    # Only the Admin API tells these two.
                    "image_url": line.text("image_url"),
                    "url": line.text("url"),
                }
            )
        )
        names[f"cart.items[{index}]"] = line.path
    return items, names


def _shown(line: Fields, name: str, currency: str | None) -> str | None:
    """An amount as the buyer saw it, in `currency`, else as the shop keeps it."""
    if currency is None:
        return line.amount(name)
    money = line.part(f"{name}_set").part("presentment_money")
    if money.text("currency_code") != currency:
        raise Invalid(
            money.at("currency_code"),
            Code.NOT_A_CURRENCY,
            f"must be {currency}, as on the first line",
        )
    return money.amount("amount")


def _sum_of_lines(lines: list[Fields], currency: str | None) -> str | None:
    """What the lines cost together, their discounts taken off; None if a line does not say."""
    if not all(line.has("line_price_set" if currency else "line_price") for line in lines):
        return None
    return str(sum(Decimal(_shown(line, "line_price", currency) or 0) for line in lines))
