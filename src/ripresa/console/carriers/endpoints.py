"""Endpoints that are told what happens: added, tried, turned over to a new secret; their log, told again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout import cursor
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import fitting, line
from ripresa.console.settings.fields import Form
from ripresa.console.settings.frame import show_settings
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.webhooks import endpoints, log
from ripresa.domain.webhooks.endpoints import EndpointExists
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.usecases.webhooks import endpoints as use_case
from ripresa.usecases.webhooks.endpoints import Endpoints, NotAnEndpoint

ROOM = "settings-webhooks"
PAGE = 30
_LONGEST_URL = 2_000
OVERLAP = timedelta(hours=24)
STATES = ("waiting", "delivered", "given_up")
TYPES: Mapping[str, Promise | str] = {
    "cart.*": gettext_lazy("Carts"),
    "order.*": gettext_lazy("Orders"),
    "recovery.*": gettext_lazy("Recoveries"),
    "message.*": gettext_lazy("Messages"),
    "coupon.*": gettext_lazy("Coupons"),
    "deal.*": gettext_lazy("Deals"),
    "consent.*": gettext_lazy("Consent"),
    "contact.*": gettext_lazy("Customers"),
    "scenario.*": gettext_lazy("Scenarios"),
    "campaign.*": gettext_lazy("Campaigns"),
    "connection.*": gettext_lazy("Connections"),
    "shop.*": gettext_lazy("Warnings"),
}
_WRONG: Mapping[str, Promise | str] = {
    "name": gettext_lazy("A name of up to 60 characters."),
    "url": gettext_lazy("A web address with https, without a name or password in it."),
    "types": gettext_lazy("Choose at least one kind."),
}


@require_http_methods(["GET", "POST"])
@shop_page
def endpoint_list(request: ConsoleRequest) -> HttpResponse:
    """All endpoints with how they stand; POST adds one and shows its secret, this once."""
    form = Form()
    for name in ("name", "url", "types"):
        form.show(name, "")
    secret, chosen = "", request.POST.getlist("types")
    if request.method == "POST":
        secret = changes_shop(_add)(request, form=form, chosen=chosen).content.decode()
    found = endpoints.list_endpoints(request.shop.id)
    return show_settings(
        request,
        "console/carriers/endpoints.html",
        ROOM,
        status=422 if form.problems else 200,
        endpoints=found,
        types=[(code, text, code in chosen) for code, text in TYPES.items()],
        form=form,
        secret=secret,
    )


def _add(request: ConsoleRequest, form: Form, chosen: list[str]) -> HttpResponse:
    """The new secret; empty where the form has problems."""
    form["name"].value = line(request.POST.get("name"))
    form["url"].value = fitting(request.POST.get("url", "").strip(), _LONGEST_URL)
    try:
        made = Endpoints().add(
            shop_id=request.shop.id,
            name=form["name"].value,
            url=form["url"].value,
            patterns=[one for one in chosen if one in TYPES] or ["*"],
            now=request.now,
        )
    except NotAnEndpoint as wrong:
        form[wrong.field].problem = str(_WRONG[wrong.field])
        return HttpResponse("")
    except EndpointExists:
        form["name"].problem = _("There is an endpoint of this name already.")
        return HttpResponse("")
    for field in form.values():
        field.value = ""
    return HttpResponse(made.secret)


@shop_page
def endpoint(request: ConsoleRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint: how it stands, and the log of what it was told."""
    return _page(request, _get(request, endpoint_id))


def _page(request: ConsoleRequest, found: WebhookEndpoint, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    before = cursor.parse_id(request.GET.get("before"))
    rows = log.list_deliveries(
        found, state=state if state in STATES else None, before=before, limit=PAGE + 1
    )
    shown: dict[str, Any] = {
        "endpoint": found,
        "count": log.count(found),
        "rows": rows[:PAGE],
        "older": rows[PAGE - 1].event_id if len(rows) > PAGE else None,
        "state": state,
        "states": STATES,
        "kinds": [TYPES.get(one, one) for one in found.patterns],
        "secret": secret,
    }
    return show_settings(request, "console/carriers/endpoint.html", ROOM, **shown)


@require_POST
@shop_page
@changes_shop
def act(request: ConsoleRequest, endpoint_id: UUID) -> HttpResponse:
    """Try, hold, resume, turn over to a new secret, tell again, or forget."""
    found, now = _get(request, endpoint_id), request.now
    match request.POST.get("do"):
        case "test":
            use_case.send_test(found, now)
            messages.success(request, _("A test call goes out in a moment: see the log below."))
        case "pause":
            use_case.pause(found, now=now)
        case "resume":
            use_case.resume(found, now=now)
        case "rotate":
            return _rotate(request, found)
        case "replay":
            _replay(request, found)
        case "remove" if request.POST.get("sure") == "yes":
            use_case.remove(found, now=now)
            messages.success(request, _("The endpoint is removed."))
            return redirect(ROOM, request.shop.slug)
    return redirect("settings-webhook", request.shop.slug, endpoint_id)


def _rotate(request: ConsoleRequest, found: WebhookEndpoint) -> HttpResponse:
    try:
        made = Endpoints().rotate(found, overlap=OVERLAP, now=request.now)
    except (CannotOpen, ConfigError) as trouble:
        messages.warning(request, str(trouble))
        return redirect("settings-webhook", request.shop.slug, found.id)
    return _page(request, found, made.secret)


def _replay(request: ConsoleRequest, found: WebhookEndpoint) -> None:
    event_id = cursor.parse_id(request.POST.get("event"))
    if event_id is not None and log.replay_event(found, event_id, request.now):
        messages.success(request, _("It is told again, under the same id."))
    else:
        messages.warning(request, _("That is not kept any more."))


def _get(request: ConsoleRequest, endpoint_id: UUID) -> WebhookEndpoint:
    found = endpoints.find(request.shop.id, endpoint_id)
    if found is None:
        raise Http404("no such endpoint in this shop")
    return found
