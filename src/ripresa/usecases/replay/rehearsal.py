"""Run a scenario over a history, through the real code, in a shop that never comes to be.

Everything happens in one transaction that is always taken back: a twin of the shop, its events, carts,
recoveries and messages. No other session ever sees it, no channel sends, and no lock of a real row is taken.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Sum

from ripresa.contracts.channel import Channels
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.inbox.operations import Delivery
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.shops.models import Shop
from ripresa.usecases.simulate.clock import VirtualClock, recording

run = partial(query.run, "ripresa.usecases.simulate")
# More than any shop's carts of ninety days ask for; a pool may hold millions.
MOST_CODES = 100_000
_NEVER = datetime.max.replace(tzinfo=UTC)  # no breaker asks whether so many are right


@dataclass(frozen=True, slots=True)
class Line:
    """One decision, as `messages.jsonl` of a simulation tells it (contracts/scenario.md)."""

    at: datetime
    cart: str
    recovery: int
    contact: str
    scenario: str
    branch: str | None
    step: str | None
    channel: str | None
    outcome: str
    reason: str
    to: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Script:
    """What is rehearsed: a plan, Live from `since`, over `deliveries`, until `until` or nothing is due."""

    plan: Plan
    deliveries: Sequence[Delivery]
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Every decision that a script leads to, in order, and how many codes left with messages.

    `costs`: minor units of the shop's currency by channel, as far as price lists know them.
    """

    lines: list[Line]
    coupons: int
    costs: dict[str, int]


def rehearse(
    shop: Shop,
    script: Script,
    tick: Callable[[datetime], None],
    carriers: Channels | None = None,
) -> Rehearsed:
    """Play the script; nothing of it is kept. `carriers`: whose price lists count."""
    with transaction.atomic():
        try:
            twin_id = _twin(shop, script)
            deliveries = deque(script.deliveries)
            VirtualClock(
                twin_id, deliveries, script.until, 1, tick,
                channels=recording(carriers), letterhead=own_letterhead(),
            ).run()  # fmt: skip
            lines = [Line(*row) for row in run("messages", shop_id=twin_id)]
            issued = CouponIssue.objects.filter(shop_id=twin_id, sent_at__isnull=False)
            return Rehearsed(lines, issued.count(), _costs(twin_id, shop.currency))
        finally:
            transaction.set_rollback(True)


def _costs(twin_id: int, currency: str) -> dict[str, int]:
    sent = Message.objects.filter(shop_id=twin_id, state="sent", cost_currency=currency)
    return dict(sent.order_by().values_list("channel").annotate(Sum("cost_minor")))


def _twin(shop: Shop, script: Script) -> int:
    """A shop with the same settings, segments and pools, and the scenario Live in it."""
    version_id, scenario_id = new_id(script.since), new_id(script.since)
    twin = Shop.objects.get(id=shop.id)
    twin.pk, twin.slug, twin.stopped_at = None, f"rehearsal-{scenario_id.hex}", None
    twin.volume_confirmed_until = _NEVER
    twin.save(force_insert=True)
    query.run(
        "ripresa.usecases.replay",
        "furnish",
        shop_id=shop.id,
        twin_id=twin.id,
        most_codes=MOST_CODES,
    )
    _scenario(twin, script, scenario_id, version_id)
    return twin.id


def _scenario(twin: Shop, script: Script, scenario_id: UUID, version_id: UUID) -> None:
    Scenario.objects.create(
        shop=twin,
        id=scenario_id,
        name=script.plan.name,
        state="live",
        activated_at=script.since,
        version_id=version_id,
        created_at=script.since,
    )
    ScenarioVersion.objects.create(
        shop=twin,
        id=version_id,
        scenario_id=scenario_id,
        number=1,
        text="",
        plan=msgspec.to_builtins(script.plan),
        created_at=script.since,
    )
