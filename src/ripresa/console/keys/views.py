"""Keys: made, shown once, revoked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import owns_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.settings.frame import show_settings
from ripresa.domain.shops import queries
from ripresa.usecases.shops import api_keys
from ripresa.usecases.shops.create_shop import add_key

EVENTS = ("secret", "public")


@require_http_methods(["GET", "POST"])
@shop_page
@owns_shop
def keys(request: ConsoleRequest) -> HttpResponse:
    """GET lists. POST makes one and shows it on the page it answers with, this once."""
    made, problem = _made(request) if request.method == "POST" else ("", "")
    # The answer holds a secret: it stays in no history that a step back could show.
    return show_settings(
        request,
        "console/keys/keys.html",
        "keys",
        status=422 if problem else 200,
        made=made,
        problem=problem,
        api_keys=queries.list_api_keys(request.shop.id)[::-1],
        access_keys=queries.list_access_keys(request.shop.id)[::-1],
        scopes={
            "read": _("read: look at everything"),
            "write": _("write: change what makes nothing leave"),
            "send": _("send: let messages leave"),
            "approve": _("approve: answer as the second person, in your name"),
        },
    )


def _made(request: ConsoleRequest) -> tuple[str, str]:
    """The new key, or what is wrong."""
    label = line(request.POST.get("label"))
    if (kind := request.POST.get("kind", "")) in EVENTS:
        return add_key(shop=request.shop, kind=kind, label=label, now=request.now), ""
    try:
        made = api_keys.add_api_key(
            shop=request.shop, scopes=request.POST.getlist("scope"), label=label, now=request.now
        )
    except api_keys.NotAScope:
        return "", _("Choose at least one thing that the key may do.")
    return made.text, ""


@require_http_methods(["GET", "POST"])
@shop_page
@owns_shop
def revoke(request: ConsoleRequest, key_id: UUID) -> HttpResponse:
    """GET asks, POST ends a key at once."""
    shop_id = request.shop.id
    found = queries.find_api_key(shop_id, key_id) or queries.find_access_key(shop_id, key_id)
    if found is None:
        raise Http404("no such key in this shop")
    if request.method != "POST":
        return show_settings(request, "console/keys/revoke.html", "keys", key=found)
    try:
        api_keys.revoke_key(shop_id=shop_id, key_id=key_id, now=request.now)
    except api_keys.NoSuchKey:
        messages.info(request, _("It was revoked before."))
    else:
        messages.success(request, _("Revoked: nothing opens with it any more."))
    return redirect("keys", request.shop.slug)
