"""The board, and one deal."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import language
from ripresa.console.pipeline import deeds
from ripresa.console.pipeline.board import cards_of, columns
from ripresa.console.pipeline.roles import may_work
from ripresa.domain.deals import queries as deals
from ripresa.domain.deals.models import Deal, DealActivity
from ripresa.usecases.agents import edit_pipeline

_TONES = {"won": "green", "lost": "grey", "called": "blue", "replied": "blue"}


@shop_page
def board(request: ConsoleRequest) -> HttpResponse:
    """All deals by stage; `mine=yes`: those of whoever looks. htmx gets the board alone."""
    return show_board(request)


def show_board(request: ConsoleRequest, said: str = "") -> HttpResponse:
    """The board; `said` is what has just happened, for whoever can't see the card move."""
    is_mine = (request.POST if request.method == "POST" else request.GET).get("mine") == "yes"
    me = request.user.get_username()
    view, listed = columns(request, me if is_mine else None)
    context: dict[str, Any] = {
        "view": view,
        "columns": listed,
        "is_mine": is_mine,
        "may_work": may_work(request),
        "said": said,
        "is_empty": not any(column.cards for column in listed),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return show_part(request, "console/pipeline/_board.html", **context)
    return show(request, "console/pipeline/board.html", "pipeline", **context)


@shop_page
def deal(request: ConsoleRequest, deal_id: UUID) -> HttpResponse:
    """One deal: whom it is about, what was left, what was done, and what can be done."""
    found = get_deal(request, deal_id)
    (card,) = cards_of(request.shop.id, [found], request.now)
    view = edit_pipeline.show(shop_id=request.shop.id, language=language(), now=request.now)
    return show(
        request,
        "console/pipeline/deal.html",
        "pipeline",
        card=card,
        deal=found,
        buyer=card.buyer,
        stages=view.stages,
        stage=next(stage for stage in view.stages if stage.key == found.stage.key),
        log=in_words(deals.log_of(shop_id=request.shop.id, deal_id=deal_id)),
        may_work=may_work(request),
        is_mine=found.taken_over_by == request.user.get_username(),
    )


def get_deal(request: ConsoleRequest, deal_id: UUID) -> Deal:
    """A deal of the shop. Raises Http404."""
    found = deals.find_deal(shop_id=request.shop.id, deal_id=deal_id)
    if found is None:
        raise Http404("no such deal in this shop")
    return found


def in_words(log: list[DealActivity]) -> list[dict[str, Any]]:
    """What was done with a deal, the latest first."""
    return [
        {
            **deeds.in_words(done)._asdict(),
            "at": done.at,
            "until": done.until,
            "tone": _TONES.get(done.kind, "plain"),
        }
        for done in reversed(log)
    ]
