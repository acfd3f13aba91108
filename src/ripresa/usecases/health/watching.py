"""Watch whether shops go quiet; tell it once, and once when it is over.

`capture_alarm` is the history: one row from the quiet to its end. The owner's notice is mailed, and told to
endpoints like everything the owner is told.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.carts.models import CaptureAlarm, Cart
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.shops.models import Shop
from ripresa.usecases.health.baseline import HOUR, MOST_WEEKS, WEEK, Verdict, judge

EVERY = timedelta(minutes=15)
QUIET = "quiet"
QUIET_OVER = "quiet_over"

_run = partial(query.run, "ripresa.usecases.health")


def shops_to_watch(now: datetime) -> list[int]:
    """The shops that were not looked at for a while."""
    found = Shop.objects.filter(Q(watched_at__isnull=True) | Q(watched_at__lte=now - EVERY))
    return list(found.order_by("id").values_list("id", flat=True))


@transaction.atomic
def watch(*, shop_id: int, now: datetime) -> int:
    """Look at a shop; returns 1 if something was told."""
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    if shop.watched_at is not None and shop.watched_at > now - EVERY:
        return 0
    Shop.objects.filter(id=shop_id).update(watched_at=now)
    verdict = judge_shop(shop_id=shop_id, now=now)
    running = CaptureAlarm.objects.filter(shop_id=shop_id, ended_at__isnull=True)
    alarm = running.first()
    if alarm is None and verdict.is_quiet:
        CaptureAlarm.objects.create(
            shop_id=shop_id, id=new_id(now), began_at=now, hours=verdict.hours, seen=verdict.seen,
            usual=round(verdict.usual),
        )  # fmt: skip
        _tell(shop, QUIET, verdict, now)
        return 1
    if alarm is not None and verdict.is_back:
        running.update(ended_at=now)
        _tell(shop, QUIET_OVER, verdict, now)
        return 1
    return 0


def judge_shop(*, shop_id: int, now: datetime) -> Verdict:
    """How the latest hours of a shop compare with the usual."""
    heard = what_was_heard(shop_id=shop_id, now=now)
    return judge(heard.begun, since=heard.since, now=now)


class Heard(NamedTuple):
    """Carts by the hour (its beginning, UTC) in which they were begun, and since when there are any."""

    begun: Mapping[datetime, int]
    since: datetime | None


def what_was_heard(*, shop_id: int, now: datetime) -> Heard:
    """What a shop's hours are judged by, as far back as they are compared."""
    since = now - (MOST_WEEKS + 1) * WEEK - HOUR
    begun = dict(_run("carts_by_hour", shop_id=shop_id, since=since, until=now))
    # The oldest cart that is kept says for how long the shop has been heard.
    first = Cart.objects.filter(shop_id=shop_id).order_by("id").values_list("begun_at", flat=True)
    return Heard(begun, min(first[:1], default=None))


def _tell(shop: Shop, kind: str, verdict: Verdict, now: datetime) -> None:
    cause = f"{verdict.seen} / {verdict.usual:.0f} ({verdict.hours} h)"
    tell_owner(shop_id=shop.id, tellings=[Telling(kind, shop.name, cause)], now=now)
