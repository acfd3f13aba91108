"""Bring figures up to date: only what changed, in the same words as a rebuild does it all.

One worker a shop at a time: it holds the row of the shop's report settings. What it reads after that is at
least as new as the marks it takes away, so a mark is never lost; and figures of a day are counted anew from
the facts, never added to, so nothing is counted twice.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists

from ripresa.core import query
from ripresa.domain.attribution import crediting, stale
from ripresa.domain.attribution.credit import Rules
from ripresa.domain.attribution.days import Spans, day_of, spans_of
from ripresa.domain.attribution.models import NOBODY, ReportSettings, StaleMark
from ripresa.domain.shops.models import Shop

# Marks at once. An order leaves two, of its person and of its minute: so a thousand people are credited.
BATCH = 2_000
# How many days of orders are credited at once in a rebuild.
DAYS_AT_ONCE = 7
# Figures follow within so long; a shop where something happens all the time is looked after so often.
EVERY = timedelta(seconds=15)
_ROLL_UPS = ("roll_messages", "roll_credits", "roll_sales", "roll_abandonments")

run = partial(query.run, "ripresa.domain.attribution")


def shops_with_marks(now: datetime) -> list[int]:
    """Shops whose figures lag behind, and were not looked after a moment ago."""
    return sorted(shop_id for (shop_id,) in run("shops_with_marks", now=now))


def settings_of(shop_id: int) -> ReportSettings:
    """How a shop wants its reports, and how far they are; the defaults where nobody has said."""
    waiting = Exists(StaleMark.objects.filter(shop_id=shop_id))
    found = ReportSettings.objects.filter(shop_id=shop_id).annotate(waits=waiting).first()
    if found is None:
        return ReportSettings(shop_id=shop_id)
    found.is_behind = found.waits
    return found


def counted_until(settings: ReportSettings, now: datetime) -> datetime | None:
    """Up to when figures hold what was heard: now, unless something waits to be counted; None: not yet."""
    return settings.counted_at if settings.is_behind else now


def rules_of(settings: ReportSettings) -> Rules:
    """Which touchpoints count in a shop."""
    return Rules(settings.window, with_opens=settings.with_opens)


@transaction.atomic
def roll(*, shop_id: int, now: datetime, limit: int = BATCH) -> int:
    """Bring the figures of a shop up to its oldest marks; returns how many those were."""
    settings = hold(shop_id)
    marks = stale.read(shop_id=shop_id, most=limit)
    settings.counted_at = now
    settings.next_at = now + EVERY if len(marks) < limit else None
    settings.save(update_fields=["counted_at", "next_at"])
    if not marks:
        return 0
    zone = zone_of(shop_id)
    people = sorted({one.contact_id for one in marks if one.contact_id is not None})
    instants = {one.at for one in marks if one.at is not None}
    if people:
        instants |= {at for (at,) in run("days_of_people", shop_id=shop_id, ids=people)}
    whole = sorted({one.day for one in marks if one.day is not None})[:DAYS_AT_ONCE]
    credit(settings, contact_ids=people, spans=spans_of(whole, zone))
    count(shop_id, spans_of({*whole, *(day_of(at, zone) for at in instants)}, zone))
    done = [one.id for one in marks if one.day is None or one.day in whole]
    stale.take_away(shop_id=shop_id, ids=done)
    return len(done)


@transaction.atomic
def roll_days(*, shop_id: int, days: Sequence[date], now: datetime) -> None:
    """Credit and count some days from the facts alone."""
    settings = hold(shop_id)
    spans = spans_of(days, zone_of(shop_id))
    credit(settings, contact_ids=[], spans=spans)
    count(shop_id, spans)
    ReportSettings.objects.filter(shop_id=shop_id).update(counted_at=now)


def hold(shop_id: int) -> ReportSettings:
    """The settings of a shop's reports, locked: whoever counts holds them."""
    own = ReportSettings.objects.select_for_update().filter(shop_id=shop_id)
    found = own.first()
    if found is None:
        ReportSettings.objects.bulk_create([ReportSettings(shop_id=shop_id)], ignore_conflicts=True)
        found = own.get()
    return found


def zone_of(shop_id: int) -> ZoneInfo:
    """The zone in which a shop's days begin."""
    return ZoneInfo(Shop.objects.values_list("timezone", flat=True).get(id=shop_id))


def credit(settings: ReportSettings, *, contact_ids: Sequence[UUID], spans: Spans) -> None:
    """Credit the orders of people and days anew."""
    rules = rules_of(settings)
    if contact_ids:
        crediting.credit_people(shop_id=settings.shop_id, contact_ids=contact_ids, rules=rules)
    if spans.days:
        crediting.credit_days(shop_id=settings.shop_id, spans=spans, rules=rules)


def count(shop_id: int, spans: Spans) -> None:
    """Count the figures of days anew."""
    if not spans.days:
        return
    for name in _ROLL_UPS:
        values = {"nobody": NOBODY} if name in _ROLL_UPS[:2] else {}
        run(
            name,
            shop_id=shop_id,
            days=spans.days,
            begins=spans.begins,
            ends=spans.ends,
            **values,
        )


def days_with_facts(shop_id: int) -> list[date]:
    """Every day that has, or should have, figures."""
    zone = zone_of(shop_id)
    return [day for (day,) in run("days_with_facts", shop_id=shop_id, zone=zone.key)]
