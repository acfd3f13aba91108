"""Share the orders of one file among the touchpoints of another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ripresa.contracts.plain_values import is_currency
from ripresa.core.money import Money, NotMoney, parse_minor
from ripresa.domain.attribution.credit import Kind, Model, Rules, Sale, Touch, qualifying, share_out
from ripresa.usecases.analysis.tables import (
    BadCell,
    BadTable,
    Column,
    Row,
    read_instant,
    read_table,
    read_yes_no,
)

_PERSON = Column(
    ("person", "customer", "contact", "email", "customer_id", "contact_id", "user"), is_needed=False
)
_ORDER = ("order", "order_id")
TOUCHPOINTS = (
    Column(("touchpoint", "touchpoint_id", "touch", "id", "message", "message_id"), False),
    Column((*_ORDER, "conversion"), False),
    _PERSON,
    Column(("at", "time", "timestamp", "occurred_at", "date", "datetime")),
    Column(("channel", "medium", "source"), False),
    Column(("kind", "type", "event", "interaction"), False),
    Column(("machine", "is_machine", "bot", "is_bot"), False),
)
_ORDERS = (
    Column((*_ORDER, "id", "conversion")),
    _PERSON,
    Column(
        ("at", "placed_at", "time", "timestamp", "ordered_at", "date", "datetime", "occurred_at")
    ),
    Column(("amount", "total", "revenue", "value", "price")),
    Column(("currency",), False),
    Column(("refunded", "refund"), False),
    Column(("confirmed_at", "closed_at", "won_at"), False),
    Column(("abandoned_at",), False),
)
# What a touchpoint of a channel is where the file does not say: what earns there.
_BY_CHANNEL = {
    "letter": Kind.LETTER, "agent": Kind.AGENT, "direct": Kind.DIRECT, "email": Kind.CLICK, "sms": Kind.CLICK,
}  # fmt: skip
_CHANNELS = {"e-mail": "email", "mail": "email", "post": "letter", "text": "sms"}
_KINDS = {
    "clicked": Kind.CLICK, "opened": Kind.OPEN, "redeemed": Kind.COUPON, "contact": Kind.AGENT,
    "delivered": Kind.SENT, "handed_over": Kind.SENT, "visit": Kind.OUTSIDE, "call": Kind.OUTSIDE,
    "fair": Kind.OUTSIDE,
}  # fmt: skip


class Share(NamedTuple):
    """What a touchpoint gets of an order. `touchpoint` empty: nothing earned it, she came by herself."""

    order: str
    touchpoint: str
    amount: Money


@dataclass(frozen=True, slots=True)
class _Line:
    order: str
    person: str
    minor: int
    currency: str
    sale: Sale


def attribute_files(
    *, touchpoints: Path, orders: Path, model: Model, rules: Rules, currency: str = "EUR"
) -> Iterator[Share]:
    """The shares of every order, in the order of the files; those of one order add up to it.

    `currency` is that of orders which name none. Touchpoints belong to an order by its id where their
    file has such a column, else by the person. Raises BadTable.
    """
    lines = read_table(orders, _ORDERS, lambda row: _order(row, currency))
    _refuse_doubles(orders, lines)
    touches = _by_owner(touchpoints, lines)
    for line in lines:
        own = qualifying(line.sale, touches.get(line.order, ()), rules)
        if not own:
            yield Share(line.order, "", Money(line.minor, line.currency))
        for touch, minor in zip(own, share_out(line.sale, own, model), strict=True):
            yield Share(line.order, touch.id, Money(minor, line.currency))


def _order(row: Row, currency: str) -> _Line:
    if not row["order"]:
        raise BadCell("the order has no id")
    currency = (row["currency"] or currency).upper()
    if not is_currency(currency):
        raise BadCell(f"{currency!r} is no currency of ISO 4217")
    minor = _minor(row["amount"], currency)
    if row["refunded"]:
        minor = max(0, minor - _minor(row["refunded"], currency))
    placed_at = read_instant(row["at"])
    until = read_instant(row["confirmed_at"]) if row["confirmed_at"] else placed_at
    abandoned_at = read_instant(row["abandoned_at"]) if row["abandoned_at"] else None
    sale = Sale(row["order"], minor, until, abandoned_at)
    return _Line(row["order"], row["person"].lower(), minor, currency, sale)


def _minor(text: str, currency: str) -> int:
    try:
        minor = parse_minor(text, currency)
    except NotMoney as wrong:
        raise BadCell(f"{wrong}; write amounts as 1234.50") from None
    if minor < 0:
        raise BadCell(f"{text!r} is negative: refunds have a column of their own, `refunded`")
    rounded = Money(minor, currency).decimal()
    if rounded != Decimal(text):
        raise BadCell(
            f"{text!r} has more decimals than amounts in {currency} have; round it as your books do, "
            f"such as {rounded:f}, or name its own currency in the column `currency`"
        )
    return minor


def _refuse_doubles(path: Path, lines: list[_Line]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.order in seen:
            raise BadTable(f"{path.name}: the order {line.order!r} stands there twice")
        seen.add(line.order)


def _by_owner(path: Path, lines: list[_Line]) -> Mapping[str, list[Touch]]:
    """Touchpoints under the ids of the orders they may earn; one that is told twice counts once."""
    orders_of = defaultdict(list)
    for line in lines:
        if line.person:
            orders_of[line.person].append(line.order)
    found: dict[str, list[Touch]] = defaultdict(list)
    told = set()
    for name, (owner, by_order, touch) in read_table(
        path, TOUCHPOINTS, lambda row: (row["touchpoint"], read_touch(row))
    ):
        # Without a name of its own, all that is said of it says which one it is.
        same = (owner, replace(touch, id=name))
        if same in told:
            continue
        told.add(same)
        for order in [owner] if by_order else orders_of.get(owner, ()):
            found[order].append(touch)
    return found


def read_touch(row: Row) -> tuple[str, bool, Touch]:
    """A row of TOUCHPOINTS: whose it is, whether that is an order, and the touchpoint. Raises BadCell."""
    if not row["order"] and not row["person"]:
        raise BadCell("neither an order nor a person is named: whose touchpoint is it?")
    channel = row["channel"].lower()
    channel = _CHANNELS.get(channel, channel)
    touch = Touch(
        row["touchpoint"] or f"row {row.number}",
        read_instant(row["at"]),
        _kind(row["kind"].lower(), channel),
        channel,
        read_yes_no(row["machine"]),
    )
    return row["order"] or row["person"].lower(), bool(row["order"]), touch


def _kind(word: str, channel: str) -> Kind:
    if not word:
        return _BY_CHANNEL.get(channel, Kind.OUTSIDE)
    try:
        kind = _KINDS.get(word) or Kind(word)
    except ValueError:
        raise BadCell(
            f"{word!r} is no kind of touchpoint; there are {', '.join(kind.value for kind in Kind)}"
        ) from None
    # A letter earns once it was handed over, and whatever an agent does is a contact.
    if (channel == "letter" and kind is Kind.SENT) or channel == "agent":
        return _BY_CHANNEL[channel]
    return kind
