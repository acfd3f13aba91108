"""Passkeys of one's own: two calls of passkeys.js to make one, and a button to take one away."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import FACTOR, opens_without_second_factor, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.session.passkey import answered, ask, refused
from ripresa.console.signin.agents import in_brief
from ripresa.console.signin.telling import tell_of_factors
from ripresa.domain.signin.factors import factors_of
from ripresa.usecases.signin import passkeys
from ripresa.usecases.signin.passkeys import NotProven


@require_POST
@shop_page
@opens_without_second_factor
def options(request: ConsoleRequest) -> HttpResponse:
    """What the device is asked."""
    return ask(request, passkeys.ask_to_make(cast("User", request.user)))


@require_POST
@shop_page
@opens_without_second_factor
def add(request: ConsoleRequest) -> HttpResponse:
    """The device's answer: its passkey is kept, under the name of the browser it came from."""
    name = in_brief(request.headers.get("User-Agent", "")) or _("Passkey")
    try:
        answer, challenge = answered(request)
        passkeys.keep(
            cast("User", request.user),
            answer=answer,
            challenge=challenge,
            name=name,
            now=request.now,
        )
    except NotProven:
        return refused(_("The device's answer could not be read. Try once more."))
    request.session[FACTOR] = "passkey"
    tell_of_factors(request, {}, {"passkey": True})
    messages.success(request, _("The passkey is kept: sign in with it from now on."))
    return JsonResponse({"to": reverse("sign-in", args=[request.shop.slug])})


@require_POST
@shop_page
@opens_without_second_factor
def remove(request: ConsoleRequest, passkey: int) -> HttpResponse:
    """It proves nothing any more."""
    user_id = int(request.user.id or 0)
    if not passkeys.remove(user_id=user_id, passkey_id=passkey):
        raise Http404("no such passkey of yours")
    if not factors_of(user_id).is_any:
        request.session[FACTOR] = "password"
    tell_of_factors(request, {"passkey": True}, {})
    messages.success(request, _("The passkey is taken away. Delete it on the device, too."))
    return redirect("sign-in", request.shop.slug)
