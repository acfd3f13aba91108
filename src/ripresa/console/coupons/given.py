"""Who has got which code: a page of them, and all as a file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _

from ripresa.console.layout import cursor
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.core.delimited.taking_away import take_away_csv
from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.coupons.queries import find_pool
from ripresa.usecases.coupons.given import Given, all_given, list_given

PAGE = 50
_COLUMNS = (
    "code", "state", "email", "name", "origin", "step", "reserved_at", "sent_at", "used_at", "order",
)  # fmt: skip


def page_of(request: ConsoleRequest, pool: CouponPool) -> dict[str, Any]:
    """A page of what was given, as templates want it."""
    older_than = cursor.parse(request.GET.get("older"))
    found = list_given(
        shop_id=request.shop.id, pool_id=pool.id, older_than=older_than, limit=PAGE + 1
    )
    page = found[:PAGE]
    return {
        "given": page,
        "older": cursor.dump(page[-1].reserved_at, page[-1].id) if len(found) > PAGE else None,
    }


@shop_page
def given_csv(request: ConsoleRequest, pool_id: UUID) -> HttpResponseBase:
    """All of it, at once."""
    found = find_pool(request.shop.id, pool_id)
    if found is None:
        raise Http404("no such pool in this shop")
    return take_away_csv(_lines(request.shop.id, found), "coupons")


def _lines(shop_id: int, pool: CouponPool) -> Iterator[tuple[str, ...]]:
    yield _COLUMNS
    for one in all_given(shop_id=shop_id, pool_id=pool.id):
        yield _cells(one)


def _cells(one: Given) -> tuple[str, ...]:
    instants = (one.reserved_at, one.sent_at, one.used_at)
    times = ["" if at is None else at.isoformat(timespec="seconds") for at in instants]
    name = " ".join(filter(None, (one.first_name, one.last_name)))
    origin = one.origin or _("Sent by hand")
    return (
        one.code, one.state, one.email or "", name, origin, one.step, *times, one.order_number or "",
    )  # fmt: skip
