"""Hand over: decide what is due and claim what is to be sent, under the locks of the people.

Promises 1 and 4 are kept here and, once more, when a claimed message departs (`send_messages`): see
docs/adr/0003-look-again-after-claiming.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import Claim
from ripresa.domain.messages.volume import count, room_left
from ripresa.domain.providers.queries import paused_kinds
from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.sending.agent_part import Opening, deals_seen, open_deals
from ripresa.domain.scenarios.sending.due_messages import (
    list_due,
    list_people,
    lock_people,
    memory_of,
    note_in_shadow,
)
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped
from ripresa.usecases.audiences import members_of
from ripresa.usecases.receiving.domains import receivers_of
from ripresa.usecases.sending.budgets import Spending, charge, keep_budgets, uncharge_dropped
from ripresa.usecases.sending.desk import Desk, Ready, senders_of
from ripresa.usecases.sending.extra_facts import look_up
from ripresa.usecases.sending.offers import Offers, reserve_codes
from ripresa.usecases.sending.pauses import Cause
from ripresa.usecases.sending.turns import Claimed, Turn, turns_of
from ripresa.usecases.shadow.at_the_desk import is_of_shadow, keep_silent, leave_in_shadow
from ripresa.usecases.stop_sending import stop_for_volume


@dataclass(slots=True)
class HandOver:
    """What one transaction did. `passed`: people whose messages could not be decided yet.

    `shortages`: scenarios and campaigns that can't go on once what was claimed has left, and why.
    """

    shop: Shop
    decided: int = 0
    claimed: list[Claimed] = field(default_factory=list)
    passed: set[UUID] = field(default_factory=set)
    shortages: Mapping[UUID, Cause] = field(default_factory=dict)


@transaction.atomic
def hand_over(
    *, shop_id: int, now: datetime, room: int, lease: timedelta, passed: Collection[UUID] = ()
) -> HandOver:
    """Decide the longest due messages of a shop, and claim at most `room` of them for sending.

    `passed`: people whom this round has looked at already.
    """
    contact_ids = lock_people(shop_id=shop_id, now=now, limit=room, passed=passed)
    # All is read after the lock: an order folded before it is seen, a later one waits for us.
    shop = Shop.objects.get(id=shop_id)
    if not contact_ids:
        return HandOver(shop)
    is_in_shadow = shop.shadow_since is not None
    left = None if is_in_shadow else room_left(shop, now)
    turns = turns_of(shop, list_due(shop_id=shop_id, contact_ids=contact_ids, now=now), now)
    desk = _decide(shop, turns, contact_ids, now, room=min(room, left or room))
    if left == 0 and desk.ready:
        # One more would leave: all is decided anew, with nothing leaving.
        stop_for_volume(shop=shop, now=now)
        desk = _decide(shop, turns, contact_ids, now, room=room)
    if is_in_shadow:
        keep_silent(desk)
    spending = keep_budgets(desk)
    offers = reserve_codes(desk)
    outbox.settle_planned(shop_id=shop_id, verdicts=desk.verdicts, now=now)
    uncharge_dropped(desk)
    operations.finish_runs(shop_id=shop_id, recovery_ids=desk.over, now=now)
    claimed = _claim(desk, offers, now + lease)
    charge(shop_id, claimed, spending)
    count(shop_id=shop_id, handed_over=len(claimed), now=now)
    decided = len(desk.verdicts) + len(claimed)
    return HandOver(shop, decided, claimed, desk.passed, _shortages(spending, offers))


def _shortages(spending: Spending, offers: Offers) -> dict[UUID, Cause]:
    budgets = {one: Cause("budget", words) for one, words in spending.shortages.items()}
    return budgets | {one: Cause("coupons", words) for one, words in offers.shortages.items()}


def _decide(
    shop: Shop, turns: Sequence[Turn], contact_ids: Sequence[UUID], now: datetime, *, room: int
) -> Desk:
    """Decide in turn, until `room` are ready to leave."""
    desk = open_desk(shop, turns, contact_ids, now)
    for turn in turns:
        if len(desk.ready) == room:
            break
        if is_of_shadow(turn, shop):
            leave_in_shadow(desk, turn)
        else:
            desk.take(turn)
    return desk


def open_desk(
    shop: Shop, turns: Sequence[Turn], contact_ids: Sequence[UUID], now: datetime
) -> Desk:
    """All that is known of some people whose locks are held, and of what is due to them."""
    plans = {id(turn.course): turn.course.plan for turn in turns}.values()
    since = now - memory_of(plans, shop.min_gap)
    people = list_people(shop_id=shop.id, contact_ids=contact_ids, since=since)
    for turn in turns:
        people[turn.message.contact_id].due.append(turn.message)
    if shop.shadow_since is not None:
        note_in_shadow(people, shop_id=shop.id, since=since)
    extra = look_up(shop_id=shop.id, turns=turns, now=now)
    return Desk(
        shop,
        now,
        people,
        senders=senders_of(shop, turns, now),
        extra=extra,
        waiting=extra.waiting(turns),
        is_stopped=is_stopped(shop),
        paused_kinds=paused_kinds(shop.id),
        receivers=receivers_of(
            shop.id,
            [turn.message.address or "" for turn in turns if turn.message.channel == "email"],
            now,
        ),
    )


def _claim(desk: Desk, offers: Offers, lease_until: datetime) -> list[Claimed]:
    """Move what is to be sent from planned to sending; deals that its steps open are opened."""
    sender_ids = {address: row.id for address, row in desk.senders.items()}
    claims = outbox.claim(
        shop_id=desk.shop.id,
        claims=[_claim_of(one, offers, sender_ids) for one in desk.ready],
        now=desk.now,
        lease_until=lease_until,
    )
    taken = [one for one in desk.ready if one.turn.message.id in claims]
    openings = [
        Opening(one.turn.message, one.turn.step.stage) for one in taken if one.turn.step.stage
    ]
    open_deals(
        shop_id=desk.shop.id,
        openings=openings + desk.openings,
        shop_country=desk.shop.country,
        members_of=partial(members_of, shop_id=desk.shop.id, now=desk.now),
        now=desk.now,
    )
    listening = {one.turn.message.cart_id for one in taken if one.turn.course.listens}
    deals = deals_seen(shop_id=desk.shop.id, cart_ids=sorted(listening))
    return [
        Claimed(
            one.turn.message,
            claims[one.turn.message.id].attempts,
            one.turn.course.plan,
            one.turn.course.steps,
            one.turn.sending,
            _sender_of(one, sender_ids),
            one.to,
            claims[one.turn.message.id].language,
            coupon=offers.given.get(one.turn.message.id),
            deal=deals.get(one.turn.message.cart_id, "") if one.turn.course.listens else None,
            facts={**offers.told.get(one.turn.message.id, {}), **one.turn.told},
        )
        for one in taken
    ]


def _claim_of(ready: Ready, offers: Offers, sender_ids: Mapping[str, UUID]) -> Claim:
    message = ready.turn.message
    coupon = offers.given.get(message.id)
    return Claim(
        message.id,
        ready.rule,
        _sender_of(ready, sender_ids),
        ready.to.text,
        ready.language,
        None if coupon is None else coupon.code,
        None if coupon is None else coupon.expires_at,
        message.version_id if message.is_of_recovery else None,
        message.branch if message.is_of_recovery else None,
    )


def _sender_of(ready: Ready, sender_ids: Mapping[str, UUID]) -> UUID | None:
    return sender_ids[ready.turn.sending.sender.address] if ready.turn.is_mail else None
