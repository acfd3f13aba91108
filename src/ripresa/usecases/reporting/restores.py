"""Whether restore links lead back into the shop, by where carts come from: a broken way back shows here."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ripresa.core import query
from ripresa.domain.attribution.days import spans_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.retention import limits_of

# For so long after the button the shop may tell that she is there: definitions.toml says it in words.
WITHIN = timedelta(minutes=30)

run = partial(query.run, "ripresa.domain.attribution")


class Restores(NamedTuple):
    """Links about carts of one `source`: a connection (its `platform`), or what else told of them."""

    source: str
    platform: str
    followed: int
    back: int

    @property
    def rate(self) -> float:
        """How many of the links followed led back, as far as the shop told."""
        return self.back / self.followed


def restores(shop: Shop, begin: date, end: date, *, now: datetime) -> list[Restores]:
    """Of links followed on days of the shop's zone, both ends included; what is followed most first.

    Links of the last half hour can't be judged yet, those from before carts are kept step by step no
    more: they are left out.
    """
    spans = spans_of([begin, end], ZoneInfo(shop.timezone))
    kept = limits_of(shop)["activity"]
    since = now - timedelta(days=kept) if kept else spans.begins[0]
    rows = run(
        "restores",
        shop_id=shop.id,
        begin=max(spans.begins[0], since),
        end=min(spans.ends[-1], now - WITHIN),
        within=WITHIN,
    )
    return [Restores(*row) for row in rows]
