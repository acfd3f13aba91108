"""Shadow mode: decide everything and send nothing, and what would have gone."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.usecases.shadow import switching

PERIODS = (7, 30, 90)


@require_http_methods(["GET", "POST"])
@shop_page
def shadow(request: ConsoleRequest) -> HttpResponse:
    """GET tells what would have gone, POST switches; a form older than the state it showed does not."""
    if request.method == "POST":
        return changes_shop(_switch)(request)
    days = next((each for each in PERIODS if str(each) == request.GET.get("days")), PERIODS[1])
    rows = switching.report(
        shop_id=request.shop.id, since=request.now - timedelta(days=days), until=request.now
    )
    return show_settings(
        request,
        "console/capture/shadow.html",
        "shadow",
        rows=rows,
        messages_in_all=sum(row.messages for row in rows),
        days=days,
        periods=PERIODS,
    )


def _switch(request: ConsoleRequest) -> HttpResponse:
    shop_id, now = request.shop.id, request.now
    match request.POST.get("to"):
        case "on" if switching.switch_on(shop_id=shop_id, now=now):
            messages.success(request, _("From now on everything is decided, and nothing leaves."))
        case "off" if switching.switch_off(shop_id=shop_id, now=now):
            messages.success(
                request, _("From now on messages leave, about carts that are left from now on.")
            )
        case _:
            messages.info(request, _("Nothing was changed: it was so already."))
    return redirect("shadow", request.shop.slug)
