"""Orders with who earned them, and the story of one: every touchpoint, whether it counts, and why."""

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.badges import CHANNELS
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.reports import filters
from ripresa.console.reports.answers import parquet_answer, today
from ripresa.console.reports.filters import MODELS
from ripresa.console.reports.words import KINDS, why_in_words
from ripresa.core.delimited.taking_away import take_away_csv
from ripresa.domain.attribution.rolling import settings_of
from ripresa.domain.carts.models import Order
from ripresa.domain.messages.models import Message
from ripresa.usecases.reporting.names import Choices, Names
from ripresa.usecases.reporting.orders import (
    OrderStory,
    every_credit,
    explain_order,
    find_order,
    latest_credits,
)
from ripresa.usecases.reporting.telling import csv_of_credits, csv_of_story

MOST_SHOWN = 100


@shop_page
def order_list(request: ConsoleRequest) -> HttpResponse:
    """The orders of some days that count, the latest first, with what earned them."""
    asked = filters.read(request.GET, today(request))
    found = latest_credits(request.shop.id, asked.only, limit=MOST_SHOWN + 1)
    return show(
        request,
        "console/reports/orders.html",
        "reports",
        asked=asked,
        choices={"channel": CHANNELS},
        there=Choices.of(request.shop.id),
        rows=found[:MOST_SHOWN],
        has_more=len(found) > MOST_SHOWN,
    )


@shop_page
def orders_csv(request: ConsoleRequest) -> HttpResponseBase:
    """Every share of these orders as CSV."""
    lines, name = _lines(request)
    return take_away_csv(lines, name)


@shop_page
def orders_parquet(request: ConsoleRequest) -> HttpResponseBase:
    """The same as Parquet."""
    lines, name = _lines(request)
    return parquet_answer(request, lines, name)


def _lines(request: ConsoleRequest) -> tuple[Iterator[list[str]], str]:
    asked = filters.read(request.GET, today(request))
    lines = csv_of_credits(every_credit(request.shop.id, asked.only))
    return lines, f"orders-{asked.only.begin}-{asked.only.end}"


@shop_page
def story(request: ConsoleRequest, order_id: UUID) -> HttpResponse:
    """Who earned one order under each model, and why each touchpoint counts or does not."""
    found = _story(request, order_id)
    names = Names.of(request.shop.id)
    ids = [one.message_id for one in found.touches if one.message_id]
    sent = Message.objects.filter(shop_id=request.shop.id, id__in=ids)
    messages = {one.id: one for one in sent}
    rows = []
    for one in found.touches:
        message = messages.get(one.message_id) if one.message_id else None
        agent = names.agents.get(one.agent_id, "") if one.agent_id else ""
        rows.append((one, message, agent, KINDS[one.touch.kind], why_in_words(one.why)))
    return show(
        request,
        "console/reports/order.html",
        "reports",
        story=found,
        rows=rows,
        models=MODELS,
        is_earned=any(one.shares for one in found.touches),
        totals=_totals(found),
        settings=settings_of(request.shop.id),
    )


def _totals(found: OrderStory) -> dict[str, int]:
    """What the shares come to under each model: the order, whoever earned it, if it counts."""
    shared = [one.shares for one in found.touches if one.shares]
    if not shared:
        return dict.fromkeys(MODELS, found.worth.minor if found.counts else 0)
    return {model: sum(shares[model].minor for shares in shared) for model in MODELS}


@shop_page
def story_csv(request: ConsoleRequest, order_id: UUID) -> HttpResponseBase:
    """Its touchpoints as CSV."""
    return take_away_csv(*_touches(request, order_id))


@shop_page
def story_parquet(request: ConsoleRequest, order_id: UUID) -> HttpResponseBase:
    """The same as Parquet."""
    return parquet_answer(request, *_touches(request, order_id))


def _touches(request: ConsoleRequest, order_id: UUID) -> tuple[Iterator[list[str]], str]:
    found = _story(request, order_id)
    return csv_of_story(found), f"order-{found.order.number or found.order.id}"


def _story(request: ConsoleRequest, order_id: UUID) -> OrderStory:
    found: Order | None = find_order(request.shop.id, str(order_id))
    if found is None or found.id != order_id or found.currency is None:
        raise Http404("no such order in this shop")
    return explain_order(found)
