"""Preview a campaign: whom it would write to and who falls away why, by the code that sends (CMP-1).

To look is to try: page by page its people are taken in and decided about in a transaction that is taken back.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.core.ids import new_id
from ripresa.domain.campaigns import operations
from ripresa.domain.campaigns.audience import FIRST, Audience
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.campaigns.queries import stored_plan
from ripresa.domain.contacts import locking
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.scenarios.sending.due_messages import list_due
from ripresa.domain.shops.models import Shop
from ripresa.usecases.campaigns.life import audience_of, condition_of
from ripresa.usecases.hand_over import open_desk
from ripresa.usecases.sending.desk import Desk
from ripresa.usecases.sending.offers import reserve_codes
from ripresa.usecases.sending.turns import Turn, turns_of

# As many people are locked at once, for a moment each.
PAGE = 500
Fate = tuple[str, Reason]  # channel and reason
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is previewed: a file, or a campaign without the people whom it has already."""

    shop: Shop
    plan: CampaignPlan
    audience: Audience


@dataclass(slots=True)
class Preview:
    """What would become of a campaign that began now. `people`: its audience; of them `looked_at`.

    Messages by channel: `goes` at once; `waits` first, and why; `falls_away`, and why; `undecided`:
    something is on its way to her, or an order of hers is not read yet, and that comes first.
    `cost_minor`: of those that go or wait, in the shop's currency; None where no costs are stated.
    `codes_wanted`: people who would get a code; `codes_left` None: none is needed, or there is one for all.
    """

    people: int
    looked_at: int = 0
    goes: Counter[str] = field(default_factory=Counter)
    waits: Counter[Fate] = field(default_factory=Counter)
    falls_away: Counter[Fate] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    cost_minor: int | None = None
    codes_wanted: int = 0
    codes_left: int | None = None


def of_file(shop: Shop, plan: CampaignPlan) -> Question:
    """The question about a file that need not be stored. Raises NotPossible."""
    return Question(shop, plan, Audience(shop.id, FIRST, plan.about, condition_of(shop.id, plan)))


def of_campaign(shop: Shop, campaign: Campaign) -> Question:
    """The question about a campaign. Raises NotPossible."""
    return Question(shop, stored_plan(campaign), audience_of(campaign))


def preview(
    question: Question, *, now: datetime, most: int | None = None, told: Told = lambda _: None
) -> Preview:
    """Look at everybody, or at `most` people; nothing is kept. `told` hears how many were looked at."""
    audience = question.audience
    found = Preview(audience.count(now=now))
    after, rehearsal_id = FIRST, new_id(now)
    while most is None or found.looked_at < most:
        limit = PAGE if most is None else min(PAGE, most - found.looked_at)
        page = audience.page(now=now, after=after, limit=limit)
        if not page:
            break
        after = page[-1].contact_id
        with transaction.atomic():
            _rehearse(question, rehearsal_id, [one.contact_id for one in page], found, now)
            transaction.set_rollback(True)
        found.looked_at += len(page)
        told(found.looked_at)
    _add_up(question, found, now)
    return found


def preview_one(question: Question, contact_id: UUID, *, now: datetime) -> Preview:
    """What would become of one person of the audience."""
    found = Preview(1, looked_at=1)
    with transaction.atomic():
        _rehearse(question, new_id(now), [contact_id], found, now)
        transaction.set_rollback(True)
    return found


def _rehearse(
    question: Question, rehearsal_id: UUID, ids: Sequence[UUID], found: Preview, now: datetime
) -> None:
    """Take these people into a campaign just like it, and decide about them."""
    turns = enter(question, rehearsal_id, ids, now)
    desk = open_desk(question.shop, turns, ids, now)
    for turn in turns:  # what else is due to them comes first, as it would
        desk.take(turn)
    reserve_codes(desk)
    own = {turn.message.id: turn.message.channel for turn in turns if is_of(turn, rehearsal_id)}
    _count(desk, own, found)


def enter(question: Question, rehearsal_id: UUID, ids: Sequence[UUID], now: datetime) -> list[Turn]:
    """Take people into a campaign just like it, and tell all that is due to them.

    For a transaction that is taken back.
    """
    shop, plan = question.shop, question.plan
    Campaign.objects.create(
        shop=shop,
        id=rehearsal_id,
        name=str(rehearsal_id),
        about=plan.about,
        state="live",
        text="",
        plan=msgspec.to_builtins(plan),
        condition=msgspec.to_builtins(question.audience.condition),
        created_at=now,
        changed_at=now,
        due_at=now,
    )
    locking.lock(shop_id=shop.id, contact_ids=list(ids))
    operations.add_recipients(
        shop_id=shop.id,
        campaign_id=rehearsal_id,
        plan=plan,
        members=question.audience.among(ids, now=now),
        now=now,
    )
    return turns_of(shop, list_due(shop_id=shop.id, contact_ids=list(ids), now=now), now)


def is_of(turn: Turn, rehearsal_id: UUID) -> bool:
    """Whether a turn is of that rehearsal."""
    return turn.message.is_of_campaign and turn.message.scenario_id == rehearsal_id


def _count(desk: Desk, own: dict[UUID, str], found: Preview) -> None:
    undecided = dict(own)
    for one in desk.ready:
        if (channel := undecided.pop(one.turn.message.id, None)) is not None:
            found.goes[channel] += 1
    for verdict in desk.verdicts:
        if (channel := undecided.pop(verdict.message_id, None)) is not None and verdict.reason:
            fates = found.waits if verdict.state == "planned" else found.falls_away
            fates[channel, verdict.reason] += 1
    found.undecided.update(undecided.values())


def _add_up(question: Question, found: Preview, now: datetime) -> None:
    """What it would cost, and whether there are codes enough."""
    plan = question.plan
    if plan.budget.costs:
        going = found.goes + Counter()
        for (channel, _), number in found.waits.items():
            going[channel] += number
        found.cost_minor = sum(
            number * plan.budget.costs.get(channel, 0) for channel, number in going.items()
        )
    offer = plan.step.coupon
    if offer is None:
        return
    found.codes_wanted = max(
        found.goes[channel]
        + sum(number for (each, _), number in found.waits.items() if each == channel)
        for channel in plan.step.channels
    )
    stock = {one.pool: one.left for one in coupons.stock(shop_id=question.shop.id, now=now)}
    found.codes_left = stock.get(offer.pool or "")
