"""The list of connections, one of them, and connecting one more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.connections import declared
from ripresa.console.connections.left_out import left_out
from ripresa.console.connections.standing import Standing, history_of, standing_of
from ripresa.console.connections.there import all_connections, look_after
from ripresa.console.connections.words import PLATFORMS
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import Connector
from ripresa.core.config import ConfigError, load
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.connections import history, queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import ConnectionExists
from ripresa.domain.providers import calls
from ripresa.usecases.connected.connecting import Wanted, connect_shop
from ripresa.usecases.connected.installing import back_address

MOST_SHOWN = 10
ROOM = "connections"


@shop_page
def connection_list(request: ConsoleRequest) -> HttpResponse:
    """The shops that are heard, and how each stands."""
    found = queries.list_connections(request.shop.id)
    return show_settings(
        request,
        "console/connections/list.html",
        ROOM,
        standings=[standing(request, one) for one in found if one.closed_at is None],
        closed=[standing(request, one) for one in found if one.closed_at is not None],
    )


@shop_page
def connection_page(request: ConsoleRequest, connection_id: UUID) -> HttpResponse:
    """One connection: how it stands, what it can't, its history. htmx gets the part that moves."""
    found = get_connection(request, connection_id)
    shown: dict[str, Any] = {
        "standing": standing(request, found),
        "connection": found,
        "history": history_of(history.latest(found)),
        "earliest": found.created_at.date().replace(month=1, day=1),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return show_part(request, "console/connections/_moving.html", **shown)
    return show_settings(
        request,
        "console/connections/connection.html",
        ROOM,
        **shown,
        unread=len(queries.unread_calls_of(found)),
        refused_calls=calls.latest_refused(request.shop.id, found.id, MOST_SHOWN),
        problems=[(one["field"], left_out(one)) for one in found.problems[-MOST_SHOWN:][::-1]],
    )


@shop_page
@changes_shop
def choose_platform(request: ConsoleRequest) -> HttpResponse:
    """What can be connected."""
    there = all_connections().connectors
    offered = [(one, PLATFORMS.get(one.name, "")) for one in there.values()]
    return show_settings(request, "console/connections/choose.html", ROOM, offered=offered)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def connect(request: ConsoleRequest, platform: str) -> HttpResponse:
    """The form of a platform, as its connector declares it; POST connects and shows what came of it."""
    connector = all_connections().connectors.get(platform)
    if connector is None:
        raise Http404("there is no such platform")
    asked = request.POST if request.method == "POST" else request.GET
    is_https = load().public_url.startswith("https://")
    way = declared.way_named(connector, asked.get("way", ""), is_https=is_https)
    form = declared.new_form(connector, way, request.shop.currency)
    taken = {one.name for one in queries.list_connections(request.shop.id)}
    name, name_problem = "", ""
    if request.method == "POST":
        given = declared.read(form, request.POST)
        name = declared.free_name(request.POST.get(declared.NAME, ""), platform, taken)
        if not form.has_problems:
            try:
                return _made(request, connector, name, given)
            except ConnectionExists:
                name_problem = _("There is a connection of this name already.")
            except (BadSettings, ConfigError) as wrong:
                form.problem = said_by(wrong)
    return show_settings(
        request,
        "console/connections/connect.html",
        ROOM,
        status=422 if form.has_problems or name_problem else 200,
        connector=connector,
        form=form,
        ways=declared.ways_into(connector, is_https=is_https),
        name=name,
        name_problem=name_problem,
        back=back_address(load(), platform),
    )


def _made(
    request: ConsoleRequest, connector: Connector, name: str, given: dict[str, str]
) -> HttpResponse:
    made = connect_shop(
        all_connections(),
        load(),
        Wanted(connector.name, name, given),
        shop_id=request.shop.id,
        now=request.now,
    ).connection
    messages.success(request, _("%s is connected.") % made.name)
    return redirect("connection", request.shop.slug, made.id)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def change(request: ConsoleRequest, connection_id: UUID) -> HttpResponse:
    """What a connection was told, its secrets apart; POST changes it and looks at once whether it helped."""
    found = get_connection(request, connection_id, is_open=True)
    connector = all_connections().connectors.get(found.platform)
    if connector is None:
        raise Http404("there is no such platform any more")
    form = declared.kept_form(connector, found)
    if request.method == "POST":
        given = declared.read(form, request.POST)
        if not form.has_problems:
            try:
                all_connections().change(found, given, request.now)
            except (BadSettings, CannotOpen, ConfigError) as wrong:
                form.problem = said_by(wrong)
            else:
                look_after(get_connection(request, connection_id), request.now)
                messages.success(request, _("%s is changed.") % found.name)
                return redirect("connection", request.shop.slug, found.id)
    return show_settings(
        request,
        "console/connections/change.html",
        ROOM,
        status=422 if form.has_problems else 200,
        connection=found,
        connector=connector,
        form=form,
    )


def standing(request: ConsoleRequest, connection: Connection) -> Standing:
    """How a connection of this shop stands."""
    connector = all_connections().connectors.get(connection.platform)
    return standing_of(connection, connector, load(), request.shop.slug, request.now)


def get_connection(
    request: ConsoleRequest, connection_id: UUID, *, is_open: bool = False
) -> Connection:
    """A connection of this shop. Raises Http404; with `is_open` for one that is closed as well."""
    found = queries.find(request.shop.id, connection_id)
    if found is None or (is_open and found.closed_at is not None):
        raise Http404("no such connection in this shop")
    return found
