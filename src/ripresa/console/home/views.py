"""The overview: what is due, what came back this week, what needs a look."""

from datetime import timedelta

from django.http import HttpResponse

from ripresa.console.carts.filters import UNASKED
from ripresa.console.connections.views import standing
from ripresa.console.home.guide import guide_of
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import language
from ripresa.domain.carts import queries as carts
from ripresa.domain.connections import queries as connections
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.messages.owner_notices import Words, list_notices, words_of
from ripresa.domain.scenarios import figures as scenarios
from ripresa.domain.shops.models import Approval
from ripresa.usecases.approvals import asking
from ripresa.usecases.carts.list_carts import rows_of
from ripresa.usecases.health.glance import look_at

WEEK = timedelta(days=7)
LATEST = 8
# What the owner was told stays in sight for so long.
TOLD_FOR, MOST_TOLD = timedelta(days=30), 5
# Connections of these colours need a look.
SHAKEN = {"red", "amber"}
LEFT_BEHIND = carts.CartFilter(states=UNASKED)


@shop_page
def overview(request: ConsoleRequest) -> HttpResponse:
    """The week in figures, first steps, the latest carts, and whatever is wrong with the way to mend it."""
    shop_id, week_ago = request.shop.id, request.now - WEEK
    recovered, revenue = carts.recovered_since(shop_id, week_ago)
    plans = scenarios.list_scenarios(shop_id)
    glance = look_at(shop_id=shop_id, now=request.now, since=WEEK)
    standings = [
        standing(request, one) for one in connections.list_connections(shop_id) if not one.closed_at
    ]
    newest = carts.list_carts(shop_id, LEFT_BEHIND, older_than=None, limit=LATEST)
    return show(
        request,
        "console/home/overview.html",
        "home",
        due=glance.due,
        recovered=recovered,
        revenue=revenue,
        abandoned=glance.abandoned,
        senders=outbox.paused_senders(shop_id),
        paused=[plan for plan in plans if plan.state == "paused"],
        live=[plan for plan in plans if plan.state == "live"],
        has_plans=bool(plans),
        rows=rows_of(shop_id, newest),
        told=_told(request),
        glance=glance,
        guide=guide_of(request, glance, is_connected=bool(standings)),
        standings=standings,
        waiting=_waiting(request),
        shaken=[one for one in standings if one.badge.tone in SHAKEN],
    )


def _waiting(request: ConsoleRequest) -> list[Approval]:
    """What waits for just this person, as the second one."""
    if not (request.may_change and request.shop.second_person):
        return []
    return [one for one in asking.list_open(request.shop.id) if asking.may_decide(one)]


def _told(request: ConsoleRequest) -> list[tuple[OwnerNotice, Words]]:
    """What the owner was told of late, in the reader's language."""
    found = list_notices(shop_id=request.shop.id, older_than=None, limit=MOST_TOLD)
    return [
        (one, words_of(one.kind, one.about, one.cause, language()))
        for one in found
        if one.created_at > request.now - TOLD_FOR
    ]
