"""What the rows of each kind of file say, as drafts of store events."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ripresa.contracts.mapping.finishing import Draft, said
from ripresa.usecases.files.rows import Row, WrongCell, person, person_names

_CHANNELS = {"email": "email_consent", "sms": "sms_consent", "letter": "letter_consent"}
_TEST = frozenset({"test", "draft", "checkout-draft", "auto-draft", "trash"})
_GONE = frozenset(
    {"cancelled", "canceled", "failed", "voided", "annullato", "storniert", "anulat", "declined"}
)
_LONGEST_TITLE = 500
_MOST_UNITS = 1_000_000

# For a row that does not say when: filled in as it is read, so that the event's id does not hang on it.
AS_READ = datetime(1970, 1, 1, tzinfo=UTC)

Draw = Callable[[Sequence[Row], datetime], list[Draft]]


def contacts(rows: Sequence[Row], now: datetime) -> list[Draft]:
    """A person, and what she said about being written to: a yes only with its proof."""
    [row] = rows
    contact = _somebody(row)
    at = min(row.instant("updated_at") or AS_READ, now)
    drafts = [
        row.draft("contact.identified", at, person_names(), contact=contact, visitor_id="file")
    ]
    return drafts + _consents(row, contact, now)


def _somebody(row: Row) -> dict[str, Any]:
    contact = person(row)
    if not contact:
        told = row.left_out[-1] if row.left_out else None
        field, code, message = told or (
            "email",
            "nobody",
            "no e-mail address, phone or customer id",
        )
        raise WrongCell(field, code, message)
    return contact


def _consents(row: Row, contact: Mapping[str, Any], now: datetime) -> list[Draft]:
    states: dict[str, str] = {}
    for channel, field in _CHANNELS.items():
        state = row.state(field)
        if state in {None, "unknown"} and channel in row.manner.agreed:
            state = "granted"
        if state == "granted" and not _has_proof(row, now):
            row.leave_out(
                field,
                "no_proof",
                "a yes needs when it was said and where: columns consent_at and consent_source",
            )
        elif state in {"granted", "denied"}:
            states[channel] = state
    if not states:
        return []
    at = _consent_at(row)
    keys = {name: contact[name] for name in ("email", "phone", "customer_id") if name in contact}
    proof = {
        "consent_source": row.text("consent_source") or row.manner.consent_source or "file",
        "consent_text": row.text("consent_text") or row.manner.agreed_text or None,
        "consent_version": row.text("consent_version"),
        "consent_ip": row.text("consent_ip"),
    }
    said_so = {**keys, "consent": states, **said(proof)}
    return [row.draft("consent.changed", at or AS_READ, {"contact.consent_ip": "consent_ip"},
                      contact=said_so)]  # fmt: skip


def _has_proof(row: Row, now: datetime) -> bool:
    at = _consent_at(row)
    manner = row.manner
    has_words = row.text("consent_source") or row.text("consent_text")
    has_words = has_words or manner.consent_source or manner.agreed_text
    return at is not None and at <= now and bool(has_words)


def _consent_at(row: Row) -> datetime | None:
    return row.instant("consent_at") or row.manner.all_agreed_at


def orders(rows: Sequence[Row], now: datetime) -> list[Draft]:
    """An order, and that it was cancelled or paid back. Further rows of it are its lines: passed over."""
    row = rows[0]
    placed_at = row.instant("placed_at")
    if placed_at is None:
        raise WrongCell("placed_at", "missing", "when was it ordered?")
    if placed_at > now:
        raise WrongCell("placed_at", "not_yet", f"{placed_at:%Y-%m-%d %H:%M} has not come yet")
    for field in ("order_id", "total"):
        if row.text(field) is None:
            raise WrongCell(field, "missing", "is needed for an order")
    status = (row.text("status") or "").lower().removeprefix("wc-")
    status = row.manner.states.get(status, status)
    order = _order(row, is_test=status in _TEST)
    names = {f"order.{name}": name for name in order} | {"order.id": "order_id"} | person_names()
    made = [row.draft("order.placed", placed_at, names, order=order, contact=person(row))]
    cancelled_at = row.instant("cancelled_at") or (placed_at if status in _GONE else None)
    if cancelled_at is not None:
        made.append(row.draft("order.cancelled", cancelled_at, names, order={"id": order["id"]}))
    refunded = row.amount("refunded")
    if refunded is not None and refunded.strip("0."):
        back = {"id": f"file:{order['id']}", "order_id": order["id"], "amount": refunded,
                "currency": order["currency"]}  # fmt: skip
        at = row.instant("refunded_at") or placed_at
        made.append(row.draft("order.refunded", at, {"refund.amount": "refunded"}, refund=back))
    return made


def _order(row: Row, *, is_test: bool) -> dict[str, Any]:
    codes = (row.text("codes") or "").replace(";", ",").split(",")
    sums = ("total", "discount_total", "tax_total", "shipping_total")
    return said(
        {
            "id": row.text("order_id"),
            "number": row.text("number"),
            "currency": (row.text("currency") or row.manner.currency).upper(),
            **{name: row.amount(name) for name in sums},
            "discount_codes": [code.strip() for code in codes if code.strip()],
            "cart_token": row.text("cart_token"),
            "checkout_id": row.text("checkout_id"),
            "origin": row.text("origin"),
            "test": is_test or None,
        }
    )


def carts(rows: Sequence[Row], now: datetime) -> list[Draft]:
    """A cart as it was left, of the rows that are its lines."""
    row = rows[0]
    left_at = row.instant("left_at")
    if left_at is None:
        raise WrongCell("left_at", "missing", "when was the cart left?")
    if left_at > now:
        raise WrongCell("left_at", "not_yet", f"{left_at:%Y-%m-%d %H:%M} has not come yet")
    contact = _somebody(row)
    token = row.text("cart_token")
    if token is None:
        key = contact.get("email") or contact.get("phone") or contact.get("customer_id")
        token = f"file:{key}:{left_at:%Y%m%dT%H%M%S}"
    items = [item for each in rows if (item := _item(each)) is not None]
    total = row.amount("total")
    if not items:
        items = [_whole(row, total)]
    block = {
        "token": token,
        "checkout_id": row.text("checkout_id"),
        "currency": (row.text("currency") or row.manner.currency).upper(),
        "items": items,
        "total": total,
        "restore_url": row.text("restore_url"),
    }
    names = {f"cart.{name}": name for name in block} | {"cart.token": "cart_token"} | person_names()
    names |= {"cart.items": "contents"}
    return [row.draft("cart.updated", left_at, names, cart=said(block), contact=contact)]


def _item(row: Row) -> dict[str, Any] | None:
    named = {name: row.text(name) for name in ("sku", "product_id", "title", "variant")}
    if not any(named.values()):
        return None
    quantity = row.text("quantity") or "1"
    bare = quantity.split(".")[0].split(",")[0]
    if not bare.isdecimal() or not 1 <= int(bare) <= _MOST_UNITS:
        raise WrongCell("quantity", "not_a_quantity", f"{quantity[:20]!r} is no number of pieces")
    return said(
        {
            **named,
            "quantity": int(bare),
            "unit_price": row.amount("unit_price"),
            "url": row.text("item_url"),
            "image_url": row.text("image_url"),
        }
    )


def _whole(row: Row, total: str | None) -> dict[str, Any]:
    """One line for a cart of which only its sum, or a text about it, is known."""
    text = row.text("contents")
    if text is None and total is None:
        raise WrongCell("contents", "missing", "neither items nor a total: what was in the cart?")
    return said({"title": (text or "Cart")[:_LONGEST_TITLE], "quantity": 1, "unit_price": total})


DRAW: Mapping[str, Draw] = {"contacts": contacts, "orders": orders, "carts": carts}
