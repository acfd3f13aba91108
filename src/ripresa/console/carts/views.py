"""The list of carts, and one cart."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django_htmx.http import push_url

from ripresa.console.carts import filters, story
from ripresa.console.connections.there import all_connections
from ripresa.console.connections.words import CANNOT, Text
from ripresa.console.layout import badges, cursor
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.carts import queries as carts
from ripresa.usecases.carts.list_carts import rows_of
from ripresa.usecases.carts.tell_cart import tell_cart
from ripresa.usecases.connected.limits import Limits, limits_of_shop
from ripresa.usecases.shops.saved_views import list_views

PAGE = 50


@shop_page
def cart_list(request: ConsoleRequest) -> HttpResponse:
    """RPT-1: carts by filter, newest first, the figures of the filtered rows on top.

    htmx asks for the results alone (its target says so), or for the rows of the next page.
    """
    asked = filters.read(request.GET, request.shop)
    older_than = cursor.parse(request.GET.get("older"))
    found = carts.list_carts(request.shop.id, asked.only, older_than=older_than, limit=PAGE + 1)
    page = found[:PAGE]
    results: dict[str, Any] = {
        "asked": asked,
        "rows": rows_of(request.shop.id, page),
        "older": cursor.dump(page[-1].left_at, page[-1].id) if len(found) > PAGE else None,
    }
    if request.htmx and older_than:
        return show_part(request, "console/carts/_more.html", **results)
    results["figures"] = carts.figures(request.shop.id, asked.only)
    results["continued"] = older_than is not None
    results["views"] = list_views(
        shop_id=request.shop.id, user_id=request.user.id or 0, room="carts"
    )
    if request.htmx and not request.htmx.history_restore_request:
        part = show_part(request, "console/carts/_results.html", **results)
        return push_url(part, f"{request.path}?{asked.query}" if asked.query else request.path)
    return show(
        request,
        "console/carts/list.html",
        "carts",
        states=filters.STATES,
        kinds=badges.KINDS,
        **results,
    )


@shop_page
def cart(request: ConsoleRequest, cart_id: UUID) -> HttpResponse:
    """One cart: items, buyer, abandonments, order, messages, and why everything was as it was."""
    told = tell_cart(shop_id=request.shop.id, cart_id=cart_id)
    if told is None:
        raise Http404("no such cart in this shop")
    return show(
        request,
        "console/carts/cart.html",
        "carts",
        cart=told.cart,
        buyer=told.buyer,
        abandonments=told.abandonments,
        order=told.order,
        messages_of_cart=story.titled(told),
        story=story.in_words(told),
        limits=_limits(request),
    )


def _limits(request: ConsoleRequest) -> list[tuple[Limits, list[Text]]]:
    """What the shop's platforms can't do, in words: why something may be missing from the trail."""
    found = limits_of_shop(request.shop.id, all_connections().connectors)
    return [(one, [CANNOT[each] for each in one.cannot]) for one in found if one.cannot]
