"""Ask for a second person, see what waits, answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.audit.entries import names_of_actors
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.settings.frame import show_settings
from ripresa.domain.shops.models import Approval
from ripresa.usecases.approvals import asking
from ripresa.usecases.approvals.asking import NotToBeDecided
from ripresa.usecases.scenarios import approval_questions


@shop_page
@changes_shop
def approvals(request: ConsoleRequest) -> HttpResponse:
    """What waits, and what was answered."""
    waiting = asking.list_open(request.shop.id)
    decided = asking.list_decided(request.shop.id)
    return show_settings(
        request,
        "console/approvals/list.html",
        "approvals",
        waiting=waiting,
        decided=decided,
        names=_names(request, [*waiting, *decided]),
    )


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def approval(request: ConsoleRequest, approval_id: UUID) -> HttpResponse:
    """GET shows what it is about, POST answers."""
    found = asking.find(request.shop.id, approval_id)
    if found is None:
        raise Http404("no such approval in this shop")
    problem = ""
    if request.method == "POST":
        reason, is_approved = line(request.POST.get("reason")), "approve" in request.POST
        if is_approved or reason:
            return _decide(request, found, is_approved=is_approved, reason=reason)
        problem = _("Say why, so that it can be mended.")
    return show_settings(
        request,
        "console/approvals/approval.html",
        "approvals",
        status=422 if problem else 200,
        approval=found,
        problem=problem,
        may_decide=asking.may_decide(found),
        names=_names(request, [found]),
    )


def _decide(
    request: ConsoleRequest, found: Approval, *, is_approved: bool, reason: str
) -> HttpResponse:
    try:
        asking.decide(
            shop_id=request.shop.id,
            approval_id=found.id,
            is_approved=is_approved,
            reason=reason,
            now=request.now,
        )
    except NotToBeDecided:
        messages.warning(
            request, _("Whoever asked does not answer, and nothing is answered twice.")
        )
    else:
        said = _("Approved: it may go live now.") if is_approved else _("Refused.")
        messages.success(request, said)
    return redirect("approvals", request.shop.slug)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def ask(request: ConsoleRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """GET says why somebody else has to look, POST asks."""
    found = approval_questions.find(request.shop, kind, subject_id)
    if found is None:
        raise Http404("nothing of this shop to ask about")
    matter, facts = found
    if request.method == "POST":
        asking.ask(shop_id=request.shop.id, matter=matter, facts=facts, now=request.now)
        messages.success(request, _("Asked. As soon as somebody has approved it, it may go live."))
        return redirect("approvals", request.shop.slug)
    return show_settings(
        request,
        "console/approvals/ask.html",
        "approvals",
        matter=matter,
        facts=facts,
        standing=asking.standing(request.shop.id, matter),
    )


def _names(request: ConsoleRequest, found: list[Approval]) -> dict[str, str]:
    """Who asked and who answered, by how the table names them."""
    said = {each.asked_by for each in found} | {each.decided_by for each in found} - {""}
    pairs = {text: (text.partition(".")[0], text.partition(".")[2]) for text in said}
    names = names_of_actors(request.shop.id, pairs.values())
    return {"": "", **{text: names[pair] for text, pair in pairs.items()}}
