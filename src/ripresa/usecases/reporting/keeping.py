"""Keep the figures of a shop: up to date, counted anew on request, and by the rules it has set."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from ripresa.domain.attribution import rolling, stale
from ripresa.domain.attribution.models import ReportSettings

LONGEST_WINDOW = timedelta(days=365)


class NotASetting(ValueError):
    """Reports can't be set so; the message says how they can. Nothing was changed."""


def keep_up(*, shop_id: int, now: datetime) -> int:
    """Bring a shop's figures up to date, a batch of changes; returns how many marks that settled."""
    return rolling.roll(shop_id=shop_id, now=now)


def catch_up(*, shop_id: int, now: datetime) -> None:
    """Bring a shop's figures up to date, all of them."""
    while rolling.roll(shop_id=shop_id, now=now):
        pass


def rebuild(
    *, shop_id: int, now: datetime, tell: Callable[[int, int], None] = lambda _done, _all: None
) -> int:
    """Credit and count everything anew from the facts; returns how many days that were.

    `tell` hears how many days are done, of how many. What it writes is what was there, row for row.
    """
    days = rolling.days_with_facts(shop_id)
    for start in range(0, len(days), rolling.DAYS_AT_ONCE):
        tell(start, len(days))
        some = days[start : start + rolling.DAYS_AT_ONCE]
        rolling.roll_days(shop_id=shop_id, days=some, now=now)
    catch_up(shop_id=shop_id, now=now)
    tell(len(days), len(days))
    return len(days)


@transaction.atomic
def change_settings(
    *,
    shop_id: int,
    now: datetime,
    window: timedelta | None = None,
    with_opens: bool | None = None,
    margin: int | None = None,
) -> ReportSettings:
    """Set how orders are credited; None leaves a setting. Raises NotASetting.

    A new window or the other rule for opens credits all orders anew: it holds for the past as well.
    """
    settings = rolling.hold(shop_id)
    before = (settings.window, settings.with_opens)
    if window is not None:
        if not timedelta(0) < window <= LONGEST_WINDOW:
            raise NotASetting("the window must be more than nothing, and 365 days at most")
        settings.window = window
    if with_opens is not None:
        settings.with_opens = with_opens
    if margin is not None:
        if not 0 <= margin <= 10_000:  # noqa: PLR2004  (all of it)
            raise NotASetting("the margin must be from 0 to 100 per cent")
        settings.margin = margin
    settings.save(update_fields=["window", "with_opens", "margin"])
    if before != (settings.window, settings.with_opens):
        count_all_again(shop_id=shop_id, now=now)
    return settings


def count_all_again(*, shop_id: int, now: datetime) -> None:
    """Ask for all figures of a shop to be looked at: its rules or the days of its zone have changed."""
    stale.mark(shop_id=shop_id, now=now, days=rolling.days_with_facts(shop_id))
