"""Bring the cart tables to what was folded, and tell what recoveries must hear."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.carts.rows import CartRow, encode_lines, frozen
from ripresa.domain.carts.rules import Attachment, CartFold, CartState, Clockwork, Line, Token
from ripresa.domain.webhooks.tellers.carts import tell_carts

run = partial(query.run, "ripresa.domain.carts")

_REASONS = {
    CartState.RECOVERED: "ordered",
    CartState.ORDERED: "ordered",
    CartState.CLOSED: "closed",
    CartState.EMPTIED: "emptied",
    CartState.OPEN: "reopened",
    CartState.EXPIRED: "expired",
}


@dataclass(slots=True)
class Folded:
    """What the fold changed: `endings` are (cart id, reason) for recoveries under way.

    `ordered` are the carts that an order ended which had not ended them before; `recovered` all that came
    back, for their causes. `orphans` are carts whose story turned out to be another cart's. `counted` are
    carts that figures count, or did; `taken_back` when carts were left behind that were not, after all.
    `looked_at` are the orders that may have got another person.
    """

    endings: list[tuple[UUID, str]] = field(default_factory=list)
    ordered: list[UUID] = field(default_factory=list)
    recovered: list[UUID] = field(default_factory=list)
    orphans: list[UUID] = field(default_factory=list)
    counted: list[UUID] = field(default_factory=list)
    taken_back: list[datetime] = field(default_factory=list)
    looked_at: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Work:
    """One fold at work: what was stored before, and what it has folded so far."""

    shop_id: int
    clockwork: Clockwork
    now: datetime
    before: dict[tuple[str, str, int], CartRow] = field(default_factory=dict)
    carts: list[CartFold] = field(default_factory=list)
    attachments: dict[tuple[str, str, int], Attachment] = field(default_factory=dict)
    tests: set[tuple[str, str, int]] = field(default_factory=set)
    refolded: set[Token] = field(default_factory=set)
    orders: list[UUID] = field(default_factory=list)


def write(work: Work) -> Folded:
    """Bring the tables to what was folded."""
    folded = Folded(looked_at=work.orders)
    changed: list[UUID] = []
    rows: list[tuple[CartRow, CartFold]] = []
    for cart in work.carts:
        at = (*cart.token, cart.generation)
        old = work.before.pop(at, None)
        row = frozen(
            cart,
            new_id(work.now) if old is None else old.id,
            work.attachments[at],
            work.clockwork,
            is_test=at in work.tests,
        )
        rows.append((row, cart))
        _note(folded, old, row)
        if _is_news(old, row):
            changed.append(row.id)
    orphans = [row for row in work.before.values() if (row.source, row.token) in work.refolded]
    folded.orphans = [row.id for row in orphans]
    folded.endings += [(row.id, "closed") for row in orphans]
    _put_carts(work.shop_id, [row for row, _ in rows])
    _put_carts(
        work.shop_id, [replace(row, state=CartState.CLOSED.value, due_at=None) for row in orphans]
    )
    folded.counted += folded.orphans
    folded.taken_back = _put_abandonments(work, rows)
    if work.orders:
        ended = [row.id for row, _ in rows if row.order_id is not None]
        run(
            "give_orders_their_person",
            shop_id=work.shop_id,
            order_ids=work.orders,
            cart_ids=ended,
        )
    changed += [row.id for row in orphans if row.state == CartState.ABANDONED]
    tell_carts(shop_id=work.shop_id, ids=changed, now=work.now)
    return folded


def _is_news(old: CartRow | None, row: CartRow) -> bool:
    """Whether somebody outside should hear of it: its state is another, or it was abandoned anew."""
    if old is None:
        return row.state != CartState.OPEN
    return row.state != old.state or (
        row.state == CartState.ABANDONED and row.left_at > old.left_at
    )


def _note(folded: Folded, old: CartRow | None, row: CartRow) -> None:
    """What recoveries must hear, which carts came back, and which figures count, or did."""
    if any(_is_counted(each) for each in (old, row)):
        folded.counted.append(row.id)
    if row.state == CartState.RECOVERED:
        # Known before or not: the order may only now have told its discount codes.
        folded.recovered.append(row.id)
    if old is not None and row.order_id is not None and row.order_id != old.order_id:
        folded.ordered.append(row.id)
    if old is None or old.state != CartState.ABANDONED:
        return
    if row.state != CartState.ABANDONED:
        folded.endings.append((row.id, _REASONS[CartState(row.state)]))
    elif row.order_id is not None and row.order_id != old.order_id:
        # Ordered and cancelled before anybody heard of either: reminders end all the same (CAP-7).
        folded.endings.append((row.id, "ordered"))
    elif row.left_at > old.left_at:
        folded.endings.append((row.id, "reopened"))


def _is_counted(row: CartRow | None) -> bool:
    return row is not None and (row.abandoned_at is not None or row.order_id is not None)


def _put_carts(shop_id: int, rows: list[CartRow]) -> None:
    if not rows:
        return
    columns = {item.name: [getattr(row, item.name) for row in rows] for item in fields(CartRow)}
    counts = [_pieces(row) for row in rows]
    run("put_carts", shop_id=shop_id, item_count=counts, **columns)


def _pieces(row: CartRow) -> int:
    return sum(line.quantity for line in msgspec.json.decode(row.items, type=list[Line]))


def _put_abandonments(work: Work, rows: list[tuple[CartRow, CartFold]]) -> list[datetime]:
    """The short way adds what is new; the long way also takes back what never was, and says when."""
    kept = [(row, left) for row, cart in rows for left in cart.abandonments if not left.is_stub]
    if kept:
        run(
            "put_abandonments",
            shop_id=work.shop_id,
            ids=[new_id(work.now) for _ in kept],
            cart_ids=[row.id for row, _ in kept],
            abandoned=[left.at for _, left in kept],
            left=[left.left_at for _, left in kept],
            kinds=[left.kind for _, left in kept],
            currencies=[left.contents.currency for _, left in kept],
            totals=[left.contents.total_minor for _, left in kept],
            counts=[left.contents.item_count for _, left in kept],
            items=[encode_lines(left.contents.lines) for _, left in kept],
        )
    refolded = [row.id for row, cart in rows if cart.token in work.refolded]
    if not refolded:
        return []
    dropped = run(
        "drop_abandonments",
        shop_id=work.shop_id,
        cart_ids=refolded,
        kept_ids=[row.id for row, _ in kept],
        kept=[left.at for _, left in kept],
    )
    return [at for (at,) in dropped]
