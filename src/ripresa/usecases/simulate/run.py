"""Simulate from beginning to end: read, set the stage, let the clock run, tell (contracts/scenario.md)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection

from ripresa.core.ids import new_id
from ripresa.domain.scenarios.durations import NotADuration, parse_duration
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.shops.models import Shop
from ripresa.usecases.scenarios.publish_scenario import check_scenario
from ripresa.usecases.simulate.clock import VirtualClock
from ripresa.usecases.simulate.delivery import Mail, read
from ripresa.usecases.simulate.pools import Pools, lay_pools
from ripresa.usecases.simulate.telling import tell

_NO_EVENTS = datetime(2000, 1, 1, tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)  # the volume breaker is off (contracts/scenario.md)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; `abandoned_after` is a duration as scenario files write it.

    A pool that the scenario names and that is not among `pools` is not there: texts go without a code.
    """

    events: Path
    out: Path
    scenario: Path | None
    since: datetime | None
    until: datetime | None
    any_consent: bool
    abandoned_after: str | None
    workers: int
    seed: int
    pools: Pools = field(default_factory=Pools)


def simulate(wish: Wish, *, began: float, tick: Callable[[datetime], None]) -> dict[str, Any]:
    """Run the wish on Django's database, which has the tables and nothing in them; returns the summary.

    Raises ScenarioInvalid for a scenario file that can't be used, NotADuration for `abandoned_after`,
    NotImportable, PoolRefused or PoolExists for pools.
    """
    plan, text = _plan(wish)
    idle = _abandoned_after(plan, wish)
    with wish.events.open("rb") as lines:
        mail = read(lines)
    shop = _set_stage(plan, text, mail, idle, wish)
    filled = lay_pools(shop=shop, pools=wish.pools, now=shop.created_at)
    with connection.cursor() as cursor:
        # Nothing here outlives the run: waiting for the disk would only cost time.
        cursor.execute("SET synchronous_commit = off")
    # Who comes to a pool first must not depend on which worker was faster.
    alone = bool(wish.pools.files)
    clock = VirtualClock(shop.id, mail.deliveries, wish.until, wish.workers, tick, alone)
    accepted = len(mail.deliveries)
    clock.run()
    return tell(
        shop_id=shop.id,
        folder=wish.out,
        counts={
            "events": {
                "accepted": accepted,
                "duplicates": mail.duplicates,
                "rejected": len(mail.rejected),
                "problems": mail.rejected[:100],
            },
            "wall_seconds": round(time.monotonic() - began, 3),
        },
        filled=filled,
    )


def _abandoned_after(plan: Plan, wish: Wish) -> timedelta:
    """The shop's abandonment time: the scenario's idle unless something shorter was asked for."""
    if wish.abandoned_after is None:
        return plan.idle.at_least()
    asked = parse_duration(wish.abandoned_after).at_least()
    if asked > plan.idle.at_least():
        raise NotADuration(
            f"{wish.abandoned_after} is longer than the scenario's idle time, {plan.idle}: "
            "a scenario can't take a cart up before the shop finds it abandoned"
        )
    return asked


def _plan(wish: Wish) -> tuple[Plan, str]:
    if wish.scenario is None:
        text = (files("ripresa.usecases.simulate") / "three_reminders.yaml").read_text("utf-8")
        name = "three_reminders.yaml"
    else:
        text, name = wish.scenario.read_text(encoding="utf-8"), str(wish.scenario)
    plan = check_scenario(text, file_name=name)
    return (msgspec.structs.replace(plan, legal_basis="any") if wish.any_consent else plan), text


def _set_stage(plan: Plan, text: str, mail: Mail, idle: timedelta, wish: Wish) -> Shop:
    """The shop of the contract, with the scenario Live from `--from` or from the first event."""
    first = min((one.event.occurred_at for one in mail.deliveries), default=_NO_EVENTS)
    live_since = wish.since or first
    shop = Shop.objects.create(
        slug="simulation",
        name="Simulation",
        currency="EUR",
        timezone="Europe/Rome",
        language=plan.language,
        owner_email="owner@shop.test",
        abandoned_after=idle,
        volume_confirmed_until=_NEVER,
        created_at=first,
    )
    version = ScenarioVersion(
        shop=shop,
        id=new_id(first),
        scenario_id=new_id(first),
        number=1,
        text=text,
        plan=msgspec.to_builtins(plan),
        created_at=first,
    )
    Scenario.objects.create(
        shop=shop,
        id=version.scenario_id,
        name=plan.name,
        state="live",
        activated_at=live_since,
        version_id=version.id,
        created_at=first,
    )
    version.save(force_insert=True)
    return shop
