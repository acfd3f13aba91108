"""What an agent does with a deal: each leads back with a word about what happened."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.pipeline.roles import works_on_deals
from ripresa.console.pipeline.views import get_deal, show_board
from ripresa.domain.deals.models import Deal
from ripresa.domain.deals.operations import (
    DealClosed,
    DealMoved,
    DealNotFound,
    DealTaken,
    NoSuchStage,
    NotNow,
)
from ripresa.usecases.agents import work_on_deal

RESTS = {"1": timedelta(days=1), "3": timedelta(days=3), "7": timedelta(days=7)}
_TROUBLE: Mapping[type[Exception], Promise | str] = {
    DealMoved: gettext_lazy("Somebody has moved this deal meanwhile; nothing was changed."),
    DealClosed: gettext_lazy("The deal is closed, or its cart has another one; nothing changed."),
    DealTaken: gettext_lazy("Somebody else has taken this deal meanwhile; nothing was changed."),
    NoSuchStage: gettext_lazy("There is no such stage any more; nothing was changed."),
    NotNow: gettext_lazy("That instant does not fit; nothing was changed."),
    DealNotFound: gettext_lazy("The deal is gone; nothing was changed."),
}
Work = Callable[[ConsoleRequest, Deal], str]


def action(work: Work) -> Callable[..., HttpResponse]:
    """The address of a piece of work: POST only, for those who may, back to where it was asked."""

    @require_POST
    @shop_page
    @works_on_deals
    def done(request: ConsoleRequest, deal_id: UUID) -> HttpResponse:
        deal = get_deal(request, deal_id)
        try:
            said, level = work(request, deal), messages.SUCCESS
        except tuple(_TROUBLE) as trouble:
            said, level = str(_TROUBLE[type(trouble)]), messages.WARNING
        if request.htmx:
            return show_board(request, said)
        messages.add_message(request, level, said)
        return redirect("deal", request.shop.slug, deal_id)

    return done


def _move(request: ConsoleRequest, deal: Deal) -> str:
    work_on_deal.move(
        shop_id=request.shop.id,
        deal_id=deal.id,
        from_stage=request.POST.get("from_stage", deal.stage.key),
        to_stage=request.POST.get("to_stage", deal.stage.key),
        who=request.user.get_username(),
        now=request.now,
    )
    return _("The deal is moved.")


def _take_over(request: ConsoleRequest, deal: Deal) -> str:
    work_on_deal.take_over(
        shop_id=request.shop.id,
        deal_id=deal.id,
        who=request.user.get_username(),
        instead_of=request.POST.get("instead_of") or None,
        now=request.now,
    )
    return _("The deal is yours: no automatic mail goes out where the scenario leaves it to you.")


def _snooze(request: ConsoleRequest, deal: Deal) -> str:
    rest = RESTS.get(request.POST.get("days", ""))
    work_on_deal.snooze(
        shop_id=request.shop.id,
        deal_id=deal.id,
        until=request.now + rest if rest else None,
        who=request.user.get_username(),
        now=request.now,
    )
    return _("It rests.") if rest else _("It is awake again.")


def _note(request: ConsoleRequest, deal: Deal) -> str:
    text = line(request.POST.get("text"))
    if not text:
        return _("Nothing was written, so nothing is kept.")
    work_on_deal.note(
        shop_id=request.shop.id,
        deal_id=deal.id,
        text=text,
        who=request.user.get_username(),
        now=request.now,
    )
    return _("Noted.")


def _call(request: ConsoleRequest, deal: Deal) -> str:
    log = work_on_deal.log_reply if request.POST.get("answered") else work_on_deal.log_call
    log(
        shop_id=request.shop.id,
        deal_id=deal.id,
        at=request.now,
        text=line(request.POST.get("text")),
        who=request.user.get_username(),
        now=request.now,
    )
    return _("Written down: you are in contact.")


def _win(request: ConsoleRequest, deal: Deal) -> str:
    work_on_deal.win(
        shop_id=request.shop.id,
        deal_id=deal.id,
        from_stage=request.POST.get("from_stage", deal.stage.key),
        who=request.user.get_username(),
        now=request.now,
    )
    return _("Won.")


def _lose(request: ConsoleRequest, deal: Deal) -> str:
    work_on_deal.lose(
        shop_id=request.shop.id,
        deal_id=deal.id,
        from_stage=request.POST.get("from_stage", deal.stage.key),
        why=line(request.POST.get("why")),
        who=request.user.get_username(),
        now=request.now,
    )
    return _("Lost. It may come back: move it to an open stage.")


WORK: Mapping[str, Work] = {
    "move": _move,
    "take-over": _take_over,
    "snooze": _snooze,
    "note": _note,
    "call": _call,
    "win": _win,
    "lose": _lose,
}
