"""A campaign's life from the console: started, paused, resumed, ended, edited, copied, deleted."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.campaigns.views import get_campaign
from ripresa.console.campaigns.words import fates_of
from ripresa.console.campaigns.writing import LOOKED_AT
from ripresa.console.connections.sayings import told_now
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.layout.writing import as_typed
from ripresa.contracts.calling.sayings import said_by
from ripresa.core.money import Money, NotMoney, parse_minor
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.queries import stored_plan
from ripresa.usecases.campaigns import drafts, keep
from ripresa.usecases.campaigns import life as use_case
from ripresa.usecases.campaigns.preview import Preview, of_campaign, preview

_MOST_MESSAGES = 100_000_000


@require_POST
@shop_page
@changes_shop
def edit(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """Write at a draft again; what has begun is not changed any more."""
    found = get_campaign(request, campaign_id)
    if found.state != "draft":
        messages.warning(request, _("It has begun and can’t be changed; make a copy instead."))
        return redirect("campaign", request.shop.slug, campaign_id)
    who = request.user.get_username()
    draft = drafts.begin_from_campaign(campaign=found, who=who, now=request.now)
    return redirect("campaign-audience", request.shop.slug, draft.id)


@require_POST
@shop_page
@changes_shop
def copy(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """A new draft that says the same."""
    draft = drafts.begin_from_text(
        shop=request.shop,
        text=get_campaign(request, campaign_id).text,
        who=request.user.get_username(),
        now=request.now,
    )
    return redirect("campaign-audience", request.shop.slug, draft.id)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def delete(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """GET asks; POST deletes a draft."""
    found = get_campaign(request, campaign_id)
    if request.method != "POST":
        return _ask(request, found, "delete")
    try:
        keep.delete_draft(found, now=request.now)
    except keep.NotADraft:
        messages.warning(request, _("Only a draft can be deleted; end it instead."))
        return redirect("campaign", request.shop.slug, campaign_id)
    messages.success(request, _("%s is deleted.") % found.name)
    return redirect("campaigns", request.shop.slug)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def start(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """GET shows how many people it is for and what it costs; POST starts it for no more than these."""
    found = get_campaign(request, campaign_id)
    if request.method != "POST":
        looked, problem = _looked(request, found)
        fates = fates_of(looked)
        return _ask(request, found, "start", found=looked, fates=fates, problem=problem)
    seen = request.POST.get("people", "")
    return _do(
        request,
        found,
        lambda: use_case.start(
            found, now=request.now, at_most=int(seen) if seen.isascii() and seen.isdigit() else None
        ),
        _("It is started."),
    )


def _looked(request: ConsoleRequest, found: Campaign) -> tuple[Preview | None, str]:
    try:
        return preview(of_campaign(request.shop, found), now=request.now, most=LOOKED_AT), ""
    except use_case.NotPossible as wrong:
        return None, said_by(wrong)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def pause(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """GET asks why; POST holds back what is planned."""
    found = get_campaign(request, campaign_id)
    if request.method != "POST":
        return _ask(request, found, "pause")
    why = line(request.POST.get("why"))
    return _do(
        request, found, lambda: use_case.pause(found, why=why, now=request.now), _("It is paused.")
    )


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def resume(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """GET asks; POST lets it go on."""
    found = get_campaign(request, campaign_id)
    if request.method != "POST":
        return _ask(request, found, "resume")
    return _do(request, found, lambda: use_case.resume(found, now=request.now), _("It goes on."))


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def end(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """GET asks; POST ends it for good."""
    found = get_campaign(request, campaign_id)
    if request.method != "POST":
        return _ask(request, found, "end")
    return _do(request, found, lambda: use_case.end(found, now=request.now), _("It is ended."))


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def limits(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """GET shows the budget; POST sets what it may use up in all."""
    found = get_campaign(request, campaign_id)
    if request.method != "POST":
        return _ask(request, found, "limits", max_cost=_decimal(found))
    number, cost = (line(request.POST.get(name)) for name in ("max_messages", "max_cost"))
    try:
        most = int(number) if number else None
        minor = parse_minor(cost.replace(",", "."), request.shop.currency) if cost else None
    except (ValueError, NotMoney):
        most, minor = -1, None
    is_right = most is None or 0 < most <= _MOST_MESSAGES
    if not is_right or (minor is not None and minor <= 0):
        problem = _("A whole number of messages, and a cost like 49.90.")
        return _ask(request, found, "limits", status=422, problem=problem, max_cost=cost)
    wanted = use_case.Limits(most, minor)
    return _do(
        request,
        found,
        lambda: use_case.set_budget(found, wanted, now=request.now),
        _("The budget is set."),
    )


def _decimal(found: Campaign) -> str:
    """The most money it may use up, as one types it; empty for no limit."""
    if found.max_cost_minor is None:
        return ""
    return as_typed(Money(found.max_cost_minor, found.shop.currency).decimal())


def _do(
    request: ConsoleRequest, found: Campaign, act: Callable[[], object], said: str
) -> HttpResponse:
    try:
        act()
    except use_case.NotApproved:
        return redirect("approval-ask", request.shop.slug, "campaign", found.id)
    except use_case.NotPossible as wrong:
        messages.warning(request, _("That is not possible: %s") % told_now(said_by(wrong)).text)
    else:
        messages.success(request, said)
    return redirect("campaign", request.shop.slug, found.id)


def _ask(
    request: ConsoleRequest, campaign: Campaign, what: str, status: int = 200, **more: object
) -> HttpResponse:
    """The page that asks before something is done."""
    return show(
        request, f"console/campaigns/{what}.html", "campaigns", status=status, campaign=campaign,
        plan=stored_plan(campaign), **more,
    )  # fmt: skip
