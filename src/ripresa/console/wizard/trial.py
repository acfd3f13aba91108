"""Try with a customer (SCN-16): the draft over her latest cart, or a made-up one, on a virtual clock."""

import threading
import time
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
from ripresa.console.wizard.views import frame_of, get_draft
from ripresa.domain.carts import queries as carts
from ripresa.domain.scenarios.plan import Plan
from ripresa.usecases.drafts import writing
from ripresa.usecases.replay import asking
from ripresa.usecases.replay.rehearsal import Line
from ripresa.usecases.replay.sample import NotASample, Sample

SECONDS = 20.0
_SAMPLE_VALUE = Decimal("89.00")
# A rehearsal is heavy work in a transaction: one at a time in a process.
_turn = threading.Lock()
LEFT = carts.CartFilter(states=("abandoned", "recovered", "closed", "expired", "open"))


class _TooLong(Exception):
    """The time is over."""


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


def _told(request: ConsoleRequest, plan: Plan, who: str) -> dict[str, Any]:
    if not _turn.acquire(blocking=False):
        return {"asked": True, "problem": _("Another trial is running; try again in a moment.")}
    try:
        whose, lines = _rehearse(request, plan, who)
    except _TooLong:
        return {"asked": True, "problem": _("It takes too long to try this with that cart.")}
    except (asking.NobodyThere, NotASample, LookupError):
        return {"asked": True, "problem": _("No cart of such a person is known.")}
    finally:
        _turn.release()
    return {"asked": True, "whose": whose, "lines": lines}


def _rehearse(request: ConsoleRequest, plan: Plan, who: str) -> tuple[str, list[Line]]:
    ends_at = time.monotonic() + SECONDS

    def tick(_now: datetime) -> None:
        if time.monotonic() >= ends_at:
            raise _TooLong

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
