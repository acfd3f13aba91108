"""The list of campaigns, and one with its results."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.text import slugify

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.campaigns import queries
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.queries import stored_plan
from ripresa.usecases.campaigns import drafts
from ripresa.usecases.campaigns.results import results_of


@shop_page
def campaign_list(request: ConsoleRequest) -> HttpResponse:
    """What is being written, and all campaigns with what they brought, those made latest first."""
    found = queries.list_campaigns(request.shop.id)
    written = drafts.list_drafts(request.shop.id)
    rewritten = {draft.campaign_id for draft in written}
    shown = [one for one in found if one.id not in rewritten]
    results = results_of(request.shop, shown, request.now)
    return show(
        request, "console/campaigns/list.html", "campaigns", drafts=written,
        rows=[(one, stored_plan(one).step.channels, results[one.id]) for one in shown],
    )  # fmt: skip


@shop_page
def campaign(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """One campaign: how far it is, what it brought, what became of its messages and why."""
    found = get_campaign(request, campaign_id)
    plan = stored_plan(found)
    return show(
        request,
        "console/campaigns/campaign.html",
        "campaigns",
        campaign=found,
        plan=plan,
        results=results_of(request.shop, [found], request.now)[found.id],
    )


@shop_page
def campaign_file(request: ConsoleRequest, campaign_id: UUID) -> HttpResponse:
    """Its file, word for word."""
    found = get_campaign(request, campaign_id)
    answer = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
    name = f"{slugify(found.name) or 'campaign'}.yaml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def get_campaign(request: ConsoleRequest, campaign_id: UUID) -> Campaign:
    """A campaign of the shop. Raises Http404."""
    found = queries.find_campaign(request.shop.id, campaign_id)
    if found is None:
        raise Http404("no such campaign in this shop")
    return found
