"""Give codes out and take them back.

The caller is in a transaction and holds the locks of the people concerned: it alone gives to them.
Any number of callers may take from one pool at once: none waits for another, none gets another's code.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.domain.coupons.reserving import Counter, columns_of, one_each
from ripresa.domain.coupons.rules import NoCoupon, Place, Reserved, Wish

run = partial(query.run, "ripresa.domain.coupons")


class Stock(NamedTuple):
    """A pool in numbers. `left`: codes that can still be given, None for a static pool.

    `given` counts the steps that have got one. `is_low`: at the mark, or under it.
    """

    pool: str
    kind: str
    code: str | None
    expires_at: datetime | None
    low_water: int | None
    created_at: datetime
    left: int | None
    expired: int
    given: int
    is_low: bool


class LowPool(NamedTuple):
    """A pool that has come down to its mark: what the owner is told."""

    pool: str
    left: int
    low_water: int


def reserve(
    *, shop_id: int, wishes: Sequence[Wish], now: datetime
) -> dict[UUID, Reserved | NoCoupon]:
    """Reserve a code for each step; the answers are by the wishes' keys.

    A step that has a code keeps it, whoever asks again: undo a claim with `give_back`, or its end
    stands as it was told first. Wishes of one person are served in their order, and so the cap of
    the second sees the first. `now` is the instant of sending, from which `valid_for` counts.
    """
    if not wishes:
        return {}
    counter = Counter.open(shop_id, wishes, now)
    waiting = list(wishes)
    while waiting:
        turn, waiting = one_each(waiting)
        counter.serve(turn)
    return counter.answers


def give_back(*, shop_id: int, origins: Iterable[Place]) -> set[Place]:
    """Free the codes of steps of which no message left or may have left; returns which were freed.

    A code that `mark_sent` has seen stays given. The caller makes sure that no other message of the
    step is still under way: they share the code.
    """
    places = sorted(set(origins))
    if not places:
        return set()
    return set(run("give_back", shop_id=shop_id, **columns_of(places)))


def mark_sent(*, shop_id: int, origins: Iterable[Place], now: datetime) -> None:
    """A message of these steps left, or may have left: their codes are never given back.

    Steps without a code may be among them.
    """
    places = sorted(set(origins))
    if places:
        run("mark_sent", shop_id=shop_id, now=now, **columns_of(places))


def in_hand(*, shop_id: int, contact_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Who of them has a code that is still good and unused: no order of hers since carries it."""
    if not contact_ids:
        return set()
    rows = run("in_hand", shop_id=shop_id, contact_ids=list(contact_ids), now=now)
    return {contact_id for (contact_id,) in rows}


def stock(*, shop_id: int, now: datetime) -> list[Stock]:
    """What is in each pool of the shop, by name. Counts all codes: for a page, not for a hot path."""
    return [Stock(*row) for row in run("stock", shop_id=shop_id, now=now)]


def tell_low(*, shop_id: int, now: datetime) -> list[LowPool]:
    """The pools that have come down to their mark since this was last asked; told once each.

    In the transaction that tells the owner. Codes that are added make a pool tellable again.
    """
    return [LowPool(*row) for row in run("tell_low", shop_id=shop_id, now=now)]


def follow(*, shop_id: int, owners: Sequence[tuple[str, UUID, UUID]]) -> None:
    """After a merge or split: a code belongs to whoever its messages belong to.

    `owners` are (origin kind, origin id, contact id) of messages that have moved.
    """
    if owners:
        kinds, origin_ids, contact_ids = zip(*sorted(set(owners)), strict=True)
        run(
            "follow_issues",
            shop_id=shop_id,
            kinds=list(kinds),
            origin_ids=list(origin_ids),
            contact_ids=list(contact_ids),
        )
