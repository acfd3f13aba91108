"""What is done to a connection: looked at now, its history told, let go."""

from datetime import date, datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.connections.there import all_connections, look_after
from ripresa.console.connections.views import ROOM, get_connection, standing
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.settings.frame import show_settings
from ripresa.domain.connections import operations
from ripresa.domain.connections.history import AlreadyTelling
from ripresa.domain.shops.retention import limits_of
from ripresa.usecases import connections
from ripresa.usecases.connected.back_fill import NoHistory, begin_back_fill

EARLIEST_YEAR = 2000


@require_POST
@shop_page
@changes_shop
def check(request: ConsoleRequest, connection_id: UUID) -> HttpResponse:
    """Look at a shop at once: its webhooks here and now, what changed in it as soon as a worker comes by."""
    found = get_connection(request, connection_id)
    if found.closed_at is None:
        operations.wake(found, now=request.now)
        look_after(found, request.now)
        messages.info(
            request, _("Looked at. What changed in the shop is asked for within moments.")
        )
    return redirect("connection", request.shop.slug, found.id)


@require_POST
@shop_page
@changes_shop
def back_fill(request: ConsoleRequest, connection_id: UUID) -> HttpResponse:
    """Have a shop tell what was before; the workers do it, and its page says how far they are."""
    found = get_connection(request, connection_id)
    connector = all_connections().connectors.get(found.platform)
    since = _day(request)
    if connector is None or since is None:
        messages.warning(request, _("Say from which day on, like 2026-01-01; nothing was begun."))
        return redirect("connection", request.shop.slug, found.id)
    try:
        begin_back_fill(found, connector, since=since, now=request.now)
    except NoHistory:
        messages.warning(request, _("This connection can’t be asked for its history."))
    except AlreadyTelling:
        messages.info(request, _("Its history is being told already."))
    else:
        messages.success(
            request, _("The history is being told. You can leave this page: it goes on by itself.")
        )
    return redirect("connection", request.shop.slug, found.id)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def disconnect(request: ConsoleRequest, connection_id: UUID) -> HttpResponse:
    """GET says what will follow, POST hears the shop no more."""
    found = get_connection(request, connection_id, is_open=True)
    if request.method != "POST":
        return show_settings(
            request,
            "console/connections/disconnect.html",
            ROOM,
            connection=found,
            standing=standing(request, found),
            days=limits_of(request.shop),
        )
    reason = line(request.POST.get("reason")) or f"by {request.user.get_username()}"
    connections.disconnect(found, reason=reason, now=request.now)
    messages.success(request, _("%s is disconnected.") % found.name)
    return redirect("connections", request.shop.slug)


def _day(request: ConsoleRequest) -> datetime | None:
    """The beginning of the day that was asked for, in the shop's zone; None: it is none, or yet to come."""
    try:
        day = date.fromisoformat(line(request.POST.get("since")))
    except ValueError:
        return None
    if day.year < EARLIEST_YEAR:
        return None
    begins = datetime.combine(day, time(), timezone.get_current_timezone())
    return begins if begins < request.now else None
