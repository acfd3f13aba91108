"""Try and replay a draft (SCN-16), on a virtual clock: nothing is sent.

Over a customer's latest cart, or a made-up one, at once; over the shop's own carts of the past days in the
background, asked on Review and found again by its address.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.console.layout.writing import locale
from ripresa.console.steps.titles import titles_of
from ripresa.console.wizard.pages import REPLAY_DAYS
from ripresa.console.wizard.views import frame_of, get_draft
from ripresa.core.money import Money, parse_minor
from ripresa.domain.carts import queries as carts
from ripresa.domain.scenarios.models import ScenarioDraft, ScenarioReplay
from ripresa.domain.scenarios.plan import Plan
from ripresa.usecases.drafts import writing
from ripresa.usecases.replay import asked, asking
from ripresa.usecases.replay.rehearsal import Line
from ripresa.usecases.replay.sample import NotASample, Sample

SECONDS = 20.0
_SAMPLE_VALUE = Decimal("89.00")
# A rehearsal is heavy work in a transaction: one at a time in a process.
_turn = threading.Lock()
LEFT = carts.CartFilter(states=("abandoned", "recovered", "closed", "expired", "open"))


class _TooLong(Exception):
    """The time is over."""


class _Busy(Exception):
    """Somebody else's trial is running."""


class _Refused(Exception):
    """It can't be replayed; the message says why, to whoever asked."""


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


@require_POST
@shop_page
@changes_shop
def ask_replay(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Let the draft be replayed over the past days; nothing is sent."""
    draft = get_draft(request, draft_id)
    try:
        replay = _ask(request, draft)
    except _Refused as refused:
        if request.htmx:
            answer = show_part(request, "console/wizard/_replayed.html", problem=str(refused))
            answer.status_code = 422
            return answer
        messages.error(request, str(refused))
        return redirect("wizard-review", request.shop.slug, draft.id)
    if request.htmx:
        return _part(request, replay)
    return redirect("replay", request.shop.slug, replay.id)


def _ask(request: ConsoleRequest, draft: ScenarioDraft) -> ScenarioReplay:
    plan, _problems = writing.check(draft, request.shop)
    days = request.POST.get("days", "")
    if plan is None:
        raise _Refused(_("First mend what keeps the draft from being published."))
    if days not in REPLAY_DAYS:
        raise _Refused(_("Choose how far back."))
    who = request.user.get_username()
    try:
        return asked.ask(draft=draft, plan=plan, days=int(days), who=who, now=request.now)
    except asked.TooManyCarts as many:
        raise _Refused(
            _("These are %(count)d carts, and a replay takes at most %(most)d; choose fewer days.")
            % {"count": many.count, "most": asked.MOST_CARTS}
        ) from None


@shop_page
def replay_page(request: ConsoleRequest, replay_id: UUID) -> HttpResponse:
    """How far a replay is, and what came of it. htmx asks for that alone while it runs."""
    replay = asked.find_replay(request.shop.id, replay_id)
    if replay is None:
        raise Http404("no such replay in this shop")
    if request.htmx:
        return _part(request, replay)
    return show(
        request,
        "console/wizard/replay.html",
        "scenarios",
        replay=replay,
        draft=writing.find_draft(request.shop.id, replay.draft_id),
    )


def _part(request: ConsoleRequest, replay: ScenarioReplay) -> HttpResponse:
    return show_part(request, "console/wizard/_replayed.html", replay=replay)


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
    return {"asked": True, "whose": whose, "lines": _titled(plan, lines), "trigger": plan.trigger}


def _titled(plan: Plan, lines: list[Line]) -> list[tuple[Line, str]]:
    titles = titles_of(plan)
    return [(line, titles.get(line.step or "", "")) for line in lines]


def _rehearse(
    request: ConsoleRequest, plan: Plan, who: str, tick: asking.Tick
) -> tuple[str, list[Line]]:
    shop = request.shop
    if not who:
        sample = Sample(_SAMPLE_VALUE, shop.currency, plan.language, shop.country)
        lines = asking.try_sample(shop=shop, plan=plan, sample=sample, now=request.now, tick=tick)
        worth = Money(parse_minor(str(_SAMPLE_VALUE), shop.currency), shop.currency).text(locale())
        return _("Ada Rossi, made up, with a cart of %s") % worth, lines
    asked = carts.CartFilter(states=LEFT.states, buyer=who)
    found = carts.list_carts(shop.id, asked, older_than=None, limit=1)
    if not found:
        raise LookupError(who)
    return who, asking.try_cart(shop=shop, plan=plan, cart_id=found[0].id, tick=tick)
