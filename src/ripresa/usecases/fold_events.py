"""Fold events: what arrived in the inbox becomes contacts, carts and orders, in one transaction.

Commutative and idempotent: any order of arrival, any repetition, any number of workers give the same tables.
Carts that are not what they were end their recoveries in the same transaction, under the contact's lock: that
is the one half of promise 1, hand-over is the other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.events import EventType
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.attribution import stale
from ripresa.domain.campaigns import operations as campaigns
from ripresa.domain.carts import folding
from ripresa.domain.carts.batch import CartBatch
from ripresa.domain.carts.rules import Clockwork
from ripresa.domain.carts.writing import Folded
from ripresa.domain.contacts import operations as contacts
from ripresa.domain.contacts.claims import Claims
from ripresa.domain.contacts.erasure.screening import screen
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.deals import assigning, closing
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Arrival
from ripresa.domain.scenarios import operations as scenarios
from ripresa.domain.scenarios.operations import Ending
from ripresa.domain.shops.models import Shop
from ripresa.usecases.name_causes import name_causes
from ripresa.usecases.restored_carts import named_by_token

BATCH = 2000


@transaction.atomic
def fold_shop(*, shop_id: int, now: datetime, limit: int = BATCH) -> int:
    """Fold up to `limit` events of a shop; 0 if there are none, or another worker is at it."""
    if not inbox.take_turn(shop_id=shop_id):
        return 0
    arrivals = inbox.claim(shop_id=shop_id, limit=limit)
    if not arrivals:
        return 0
    screened = screen(shop_id, arrivals)
    known = named_by_token(shop_id, [each for each in screened if each is not None])
    claims, batch = _gather(known, now)
    _reach_by_agents(shop_id, claims)
    people = contacts.absorb(shop_id=shop_id, claims=claims, now=now)
    folded = folding.fold(
        shop_id=shop_id, batch=batch, people=people, clockwork=_clockwork(shop_id), now=now
    )
    _tell_recoveries(shop_id, folded.endings, people.refused, now)
    _tell_deals(shop_id, folded, batch, now)
    if folded.orphans:
        query.run("ripresa.domain.scenarios", "forget_carts", shop_id=shop_id, ids=folded.orphans)
    _follow_carts(shop_id, people.stirred | people.emptied, now)
    contacts.drop_emptied(shop_id=shop_id, people=people)
    name_causes(shop_id=shop_id, cart_ids=folded.recovered)
    _tell_figures(
        shop_id, folded, batch, {*people.stirred, *people.emptied, *people.moved_keys.values()}, now
    )
    inbox.settle(
        shop_id=shop_id,
        ids=[arrival.id for arrival in arrivals],
        outcomes=[
            "folded" if before is after else "erased"
            for before, after in zip(arrivals, screened, strict=True)
        ],
        now=now,
    )
    return len(arrivals)


def _gather(arrivals: Sequence[Arrival], now: datetime) -> tuple[Claims, CartBatch]:
    claims, batch = Claims(), CartBatch()
    for arrival in arrivals:
        event = arrival.event
        if event.type == EventType.CONTACT_SPLIT and event.split is not None:
            claims.splits[event.id] = (new_id(now), event.split.keys, event.occurred_at)
            continue
        if event.type == EventType.CONTACT_MERGE and event.merge is not None:
            claims.join(event.merge.keys)
            continue
        person = claims.add(event, trusted=arrival.trusted)
        batch.add(event, source=arrival.source, person_key=person, trusted=arrival.trusted)
    return claims, batch


def _reach_by_agents(shop_id: int, claims: Claims) -> None:
    """Whoever has an agent can be reached, though no event says who it is (CAP-3)."""
    unreached = sorted(claims.facts.keys() - claims.reachable.keys())
    claims.reachable.update(assigning.assigned_since(shop_id=shop_id, keys=unreached))


def _clockwork(shop_id: int) -> Clockwork:
    times = Shop.objects.values_list("abandoned_after", "expires_after").get(id=shop_id)
    return Clockwork(*times)


def _tell_recoveries(
    shop_id: int,
    endings: list[tuple[UUID, str]],
    refused: dict[str, set[UUID]],
    now: datetime,
) -> None:
    if endings:
        scenarios.end_recoveries(
            shop_id=shop_id,
            endings=[Ending(cart_id, reason) for cart_id, reason in endings],
            now=now,
        )
    for channel, people in sorted(refused.items()):
        scenarios.cancel_channel(
            shop_id=shop_id,
            contact_ids=sorted(people),
            channel=channel,
            reason="unsubscribed",
            now=now,
        )


def _follow_carts(shop_id: int, contact_ids: set[UUID], now: datetime) -> None:
    """After a merge or split, recoveries, messages, coupons and deals go where their carts went.

    So do the recipients of campaigns, and what speaks of no cart goes with a key of its person.
    """
    if contact_ids:
        ids = sorted(contact_ids)
        query.run("ripresa.domain.scenarios", "follow_recoveries", shop_id=shop_id, ids=ids)
        moved = query.run("ripresa.domain.messages", "follow_messages", shop_id=shop_id, ids=ids)
        owners = [(kind, origin, to) for kind, origin, to in moved]
        owners += campaigns.follow(shop_id=shop_id, contact_ids=ids, now=now)
        coupons.follow(shop_id=shop_id, owners=owners)
        query.run("ripresa.domain.deals", "follow_deals", shop_id=shop_id, ids=ids)


def _tell_figures(
    shop_id: int, folded: Folded, batch: CartBatch, stirred: set[UUID], now: datetime
) -> None:
    stale.mark_orders(
        shop_id=shop_id,
        orders=sorted(batch.orders),
        order_ids=folded.looked_at,
        cart_ids=folded.counted,
        now=now,
    )
    stale.mark(
        shop_id=shop_id,
        now=now,
        contact_ids=stirred,
        instants=[*folded.taken_back, *batch.moved_orders],
    )


def _tell_deals(shop_id: int, folded: Folded, batch: CartBatch, now: datetime) -> None:
    """An order moves deals to Confirmed; a cart that never was leaves them without a purpose."""
    closing.hear_of_orders(
        shop_id=shop_id, cart_ids=folded.ordered, orders=sorted(batch.orders), now=now
    )
    closing.lose_untouched(shop_id=shop_id, cart_ids=folded.orphans, why="closed", now=now)
