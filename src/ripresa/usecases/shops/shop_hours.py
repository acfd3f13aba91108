"""A shop's own quiet hours: what a change would do to messages that wait, and the change itself (SCN-9)."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.core import query
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.contacts.places import country_of
from ripresa.domain.messages import operations as outbox
from ripresa.domain.scenarios.hours.document import EVERYWHERE, ShopHours, read_hours
from ripresa.domain.scenarios.hours.opening import hours_for, next_open
from ripresa.domain.scenarios.plan import Plan, Window
from ripresa.domain.scenarios.plans_in_force import plan_of, plans_of_all
from ripresa.domain.scenarios.zones import zone_of
from ripresa.domain.shops.models import Shop

MOST = 20_000  # messages that are looked at: seconds, not minutes
_NEVER = datetime.max.replace(tzinfo=UTC)
_CHANNELS = ("email", "sms", "letter")
run = partial(query.run, "ripresa.domain.scenarios.sending")


class HoursChange(NamedTuple):
    """What other hours do to messages that wait.

    `looked_at`: how many, the next ones, `is_all` unless there are more. `later`, `earlier`: how many would
    leave then. `never`: scenarios with a channel whose own window has no minute in common with the hours.
    """

    looked_at: int
    is_all: bool
    later: int
    earlier: int
    never: tuple[tuple[str, str], ...]


def preview_hours(*, shop: Shop, hours: ShopHours, now: datetime) -> HoursChange:
    """What `hours` would change; nothing is stored."""
    before = read_hours(shop.hours)
    rows = run("waiting_messages", shop_id=shop.id, most=MOST + 1)
    later = earlier = 0
    for row in rows[:MOST]:
        was, becomes = (_leaves(shop, each, row, now) for each in (before, hours))
        later += becomes > was
        earlier += becomes < was
    return HoursChange(
        min(len(rows), MOST), len(rows) <= MOST, later, earlier, tuple(_never(shop, hours, now))
    )


@transaction.atomic
def change_hours(*, shop_id: int, hours: ShopHours, now: datetime) -> None:
    """Set a shop's hours. What waits for the hours before is looked at again at once."""
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    before = read_hours(shop.hours)
    Shop.objects.filter(id=shop_id).update(hours=hours.told())
    write_down(
        shop_id=shop_id,
        action=Action.CHANGED,
        subject=Subject(About.HOURS),
        before=before.lines(),
        after=hours.lines(),
        now=now,
    )
    outbox.look_again(shop_id=shop_id, reasons=[Reason.QUIET_HOURS], now=now)


def _leaves(shop: Shop, hours: ShopHours, row: tuple[Any, ...], now: datetime) -> datetime:
    channel, due_at, planned_for, held_for, timezone, country, phone, version_id, campaign_id = row
    # What these very hours hold is asked anew from now on.
    at = planned_for if held_for == Reason.QUIET_HOURS.value else due_at
    zone = zone_of(timezone=timezone, country=country, phone=phone, shop_zone=shop.timezone)
    place = country_of(country=country, phone=phone, shop_country=shop.country)
    window = _window(shop.id, version_id, campaign_id, channel)
    return next_open(window, hours_for(hours, channel, place), zone, max(at, now)) or _NEVER


def _window(
    shop_id: int, version_id: UUID | None, campaign_id: UUID, channel: str
) -> Window | None:
    plan = plan_of(shop_id, version_id) if version_id else _of_campaign(shop_id, campaign_id)
    return plan.quiet_hours.get(channel)


def _of_campaign(shop_id: int, campaign_id: UUID) -> Plan:
    return campaigns.plan_of(shop_id, campaign_id).message


def _never(shop: Shop, hours: ShopHours, now: datetime) -> list[tuple[str, str]]:
    """(scenario, channel) that could never send by those hours."""
    zone = ZoneInfo(shop.timezone)
    found = []
    for name, plan in sorted(plans_of_all(shop.id).items()):
        used = {
            channel
            for branch in plan.branches
            for step in branch.steps
            for channel in step.channels
        }
        for channel in (one for one in _CHANNELS if one in used):
            places = {one.country for one in hours.hours if one.channel == channel} | {EVERYWHERE}
            window = plan.quiet_hours.get(channel)
            opens = [next_open(window, hours_for(hours, channel, one), zone, now) for one in places]
            if None in opens:
                found.append((name, channel))
    return found
