"""What a shop asks beyond the legal presets: what a change would stop, and the change itself (CNS-5)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.core import query
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.contacts.places import country_of
from ripresa.domain.scenarios.legal_basis.own import OwnBases, narrow, stored_bases
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, decide
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.models import Shop

MOST = 20_000  # messages that are looked at: seconds, not minutes
run = partial(query.run, "ripresa.domain.scenarios.sending")


class Waiting(NamedTuple):
    """A message that waits, as waiting_grounds.sql tells it; `left_at` None: it reminds of no cart."""

    contact_id: UUID
    channel: str
    due_at: datetime
    step_number: int
    country: str | None
    phone: str | None
    consent: str
    ordered_at: datetime | None
    version_id: UUID | None
    branch: str
    campaign_id: UUID | None
    left_at: datetime | None


class BasesChange(NamedTuple):
    """What other rules do to messages that wait, by what is known now.

    `looked_at`: how many, the next ones, `is_all` unless there are more. `stopped`: of those, how many
    would not leave any more, to `people`. `freed`: how many would leave that the rules
    until now do not allow.
    """

    looked_at: int
    is_all: bool
    stopped: int
    people: int
    freed: int


def preview_bases(*, shop: Shop, bases: OwnBases, now: datetime) -> BasesChange:
    """What `bases` would change; nothing is stored."""
    before, after = _by_place(stored_bases(shop.own_bases)), _by_place(bases)
    rows = [Waiting._make(row) for row in run("waiting_grounds", shop_id=shop.id, most=MOST + 1)]
    people, stopped, freed = set(), 0, 0
    for row in rows[:MOST]:
        place = (
            country_of(country=row.country, phone=row.phone, shop_country=shop.country),
            row.channel,
        )
        if before.get(place) == after.get(place):
            continue
        plan = _plan(shop.id, row)
        case = _case(row, plan, place[0], now)
        verdict = decide(plan.legal_basis, case)
        was, becomes = (
            isinstance(narrow(verdict, own.get(place), case), Allowed) for own in (before, after)
        )
        freed += becomes > was
        if was > becomes:
            stopped += 1
            people.add(row.contact_id)
    return BasesChange(min(len(rows), MOST), len(rows) <= MOST, stopped, len(people), freed)


@transaction.atomic
def change_bases(*, shop_id: int, bases: OwnBases, now: datetime) -> None:
    """Set what a shop asks; each message that waits is asked when it would leave."""
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    before = stored_bases(shop.own_bases)
    Shop.objects.filter(id=shop_id).update(own_bases=told(bases))
    write_down(
        shop_id=shop_id,
        action=Action.CHANGED,
        subject=Subject(About.LEGAL),
        before={"own_bases": [one.line for one in before]},
        after={"own_bases": [one.line for one in bases]},
        now=now,
    )


def told(bases: OwnBases) -> list[dict[str, str]]:
    """The rules as they are stored and travel."""
    return [{"country": one.country, "channel": one.channel, "rule": one.rule} for one in bases]


def _by_place(bases: OwnBases) -> Mapping[tuple[str, str], str]:
    return {(one.country, one.channel): one.rule for one in bases}


def _plan(shop_id: int, row: Waiting) -> Plan:
    if row.campaign_id is not None:
        return campaigns.plan_of(shop_id, row.campaign_id).message
    assert row.version_id is not None  # noqa: S101 - what is of no campaign is of a recovery here
    return plan_of(shop_id, row.version_id)


def _case(row: Waiting, plan: Plan, country: str, now: datetime) -> Case:
    """The message when its turn comes, if all before it leave."""
    steps: Any = plan.branch_named(row.branch).steps
    before, at = steps[: row.step_number - 1], max(row.due_at, now)
    return Case(
        country=country,
        relation="none" if row.ordered_at is None else "customer",
        channel=row.channel,
        has_offer=steps[row.step_number - 1].coupon is not None,
        reminders_sent_before=len(before),
        since_left=timedelta.max if row.left_at is None else at - row.left_at,
        consent=row.consent,
        since_order=None if row.ordered_at is None else at - row.ordered_at,
        texts_sent_before=sum("sms" in step.channels for step in before),
    )
