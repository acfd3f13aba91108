"""The overview: what is due, what came back this week, what needs a look."""

from datetime import timedelta

from django.http import HttpResponse

from ripresa.console.carts.filters import UNASKED
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.carts import queries as carts
from ripresa.domain.messages import queries as outbox
from ripresa.domain.scenarios import figures as scenarios
from ripresa.usecases.list_carts import rows_of

WEEK = timedelta(days=7)
LATEST = 8
LEFT_BEHIND = carts.CartFilter(states=UNASKED)


@shop_page
def overview(request: ConsoleRequest) -> HttpResponse:
    """Three figures, the latest carts, and whatever stands still with its reason."""
    shop_id, week_ago = request.shop.id, request.now - WEEK
    recovered, revenue = carts.recovered_since(shop_id, week_ago)
    plans = scenarios.list_scenarios(shop_id)
    newest = carts.list_carts(shop_id, LEFT_BEHIND, older_than=None, limit=LATEST)
    return show(
        request,
        "console/home/overview.html",
        "home",
        due=outbox.due_figures(shop_id, request.now),
        recovered=recovered,
        revenue=revenue,
        abandoned=carts.abandoned_since(shop_id, week_ago),
        senders=outbox.paused_senders(shop_id),
        paused=[plan for plan in plans if plan.state == "paused"],
        live=[plan for plan in plans if plan.state == "live"],
        has_plans=bool(plans),
        rows=rows_of(shop_id, newest),
    )
