"""The volume breaker: how many messages an hour are too many for a shop (OPS-4).

A mistake in a scenario, or a flood of forged carts, shows first as far more messages than ever before. It
is a breaker and no quota: workers that hand over at the same moment may each go a batch beyond.
"""

from datetime import datetime, timedelta
from functools import partial

from ripresa.core import query
from ripresa.domain.shops.models import Shop

run = partial(query.run_often, "ripresa.domain.messages")

TIMES_THE_USUAL = 5
USUAL = timedelta(days=14)
# So many are never too many where nobody has set a limit: a new shop has no usual yet.
LEAST = 2_000


def room_left(shop: Shop, now: datetime) -> int | None:
    """How many more may be handed over in this hour; None: a person has lifted the limit for now.

    The limit is the shop's own, or TIMES_THE_USUAL the busiest hour of the last 14 days.
    """
    if shop.volume_confirmed_until is not None and now < shop.volume_confirmed_until:
        return None
    hour = _hour(now)
    ((this_hour, busiest),) = run("volume", shop_id=shop.id, hour=hour, since=hour - USUAL)
    limit: int = shop.volume_limit or max(LEAST, TIMES_THE_USUAL * busiest)
    left: int = max(0, limit - this_hour)
    return left


def count(*, shop_id: int, handed_over: int, now: datetime) -> None:
    """Count what was just handed over. Last in its transaction: others wait for the hour's row."""
    if handed_over:
        run("count_volume", shop_id=shop_id, hour=_hour(now), handed_over=handed_over)


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
