"""Try with a customer (SCN-16): the draft over her latest cart, or a made-up one, on a virtual clock."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.console.wizard.pages import REPLAY_DAYS
from ripresa.console.wizard.views import frame_of, get_draft
from ripresa.domain.carts import queries as carts
from ripresa.domain.scenarios.plan import Plan
from ripresa.usecases.drafts import writing
from ripresa.usecases.replay import asking
from ripresa.usecases.replay.rehearsal import Line
from ripresa.usecases.replay.sample import NotASample, Sample

SECONDS = 20.0
_MOST_CARTS = 20_000
_SAMPLE_VALUE = Decimal("89.00")
# A rehearsal is heavy work in a transaction: one at a time in a process.
_turn = threading.Lock()
LEFT = carts.CartFilter(states=("abandoned", "recovered", "closed", "expired", "open"))


class _TooLong(Exception):
    """The time is over."""


class _Busy(Exception):
    """Somebody else's trial is running."""


@shop_page
@changes_shop
def try_draft(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """What the draft would do, line by line; nothing is sent and nothing is kept."""
    draft = get_draft(request, draft_id)
    plan, _problems = writing.check(draft, request.shop)
    told = _told(request, plan, cleaned(request.GET.get("who"))) if plan else {}
    if request.htmx:
        return show_part(request, "console/wizard/_tried.html", **told)
    return frame_of(request, draft, "review", "console/wizard/try.html", plan=plan, **told)


@shop_page
@changes_shop
def replay_draft(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """What the draft would have done to the carts of the past days; nothing is sent and nothing is kept."""
    draft = get_draft(request, draft_id)
    plan, _problems = writing.check(draft, request.shop)
    asked = request.GET.get("days", "")
    replayed = _replayed(request, plan, int(asked)) if plan and asked in REPLAY_DAYS else {}
    replayed |= {"days": asked if asked in REPLAY_DAYS else REPLAY_DAYS[1], "all_days": REPLAY_DAYS}
    if request.htmx:
        return show_part(request, "console/wizard/_replayed.html", **replayed)
    return frame_of(request, draft, "review", "console/wizard/replay.html", plan=plan, **replayed)


def _replayed(request: ConsoleRequest, plan: Plan, days: int) -> dict[str, Any]:
    too_many = {"problem": _("It takes too long to play so many carts; choose fewer days.")}
    count = asking.count_carts(shop_id=request.shop.id, days=days, now=request.now)
    if count > _MOST_CARTS:
        return too_many
    try:
        with _ticking() as tick:
            found = asking.replay(
                shop=request.shop, plan=plan, days=days, prices={}, now=request.now, tick=tick
            )
    except _Busy:
        return {"problem": _("Another trial is running; try again in a moment.")}
    except _TooLong:
        return too_many
    return {"replayed": found}


@contextmanager
def _ticking() -> Iterator[asking.Tick]:
    """A turn of SECONDS. Raises _Busy at once where another has it, _TooLong when it is over."""
    if not _turn.acquire(blocking=False):
        raise _Busy
    ends_at = time.monotonic() + SECONDS

    def tick(_now: datetime) -> None:
        if time.monotonic() >= ends_at:
            raise _TooLong

    try:
        yield tick
    finally:
        _turn.release()


def _told(request: ConsoleRequest, plan: Plan, who: str) -> dict[str, Any]:
    try:
        with _ticking() as tick:
            whose, lines = _rehearse(request, plan, who, tick)
    except _Busy:
        return {"asked": True, "problem": _("Another trial is running; try again in a moment.")}
    except _TooLong:
        return {"asked": True, "problem": _("It takes too long to try this with that cart.")}
    except (asking.NobodyThere, NotASample, LookupError):
        return {"asked": True, "problem": _("No cart of such a person is known.")}
    return {"asked": True, "whose": whose, "lines": lines}


def _rehearse(
    request: ConsoleRequest, plan: Plan, who: str, tick: asking.Tick
) -> tuple[str, list[Line]]:
    shop = request.shop
    if not who:
        sample = Sample(_SAMPLE_VALUE, shop.currency, plan.language, shop.country)
        lines = asking.try_sample(shop=shop, plan=plan, sample=sample, now=request.now, tick=tick)
        return _("Ada Rossi, made up, with a cart of %s") % _SAMPLE_VALUE, lines
    asked = carts.CartFilter(states=LEFT.states, buyer=who)
    found = carts.list_carts(shop.id, asked, older_than=None, limit=1)
    if not found:
        raise LookupError(who)
    return who, asking.try_cart(shop=shop, plan=plan, cart_id=found[0].id, tick=tick)
