"""The page of one's own way to sign in, and the sessions on it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import (
    FACTOR,
    STRONG,
    opens_without_second_factor,
    shop_page,
)
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.console.signin.agents import in_brief
from ripresa.domain.signin.factors import factors_of
from ripresa.usecases.signin import sessions


@shop_page
@opens_without_second_factor
def room(request: ConsoleRequest) -> HttpResponse:
    """Passkeys, the app, and where one is signed in."""
    user_id = _me(request)
    factors = factors_of(user_id)
    mine = request.session.session_key
    is_missing = request.shop.second_factor and request.session.get(FACTOR) not in STRONG
    return show_settings(
        request,
        "console/signin/room.html",
        "sign-in",
        factors=factors,
        is_missing=is_missing,
        sessions=[
            (each, in_brief(each.user_agent), each.session_key == mine)
            for each in sessions.list_sessions(user_id=user_id)
        ],
    )


@require_POST
@shop_page
@opens_without_second_factor
def end(request: ConsoleRequest, session: int) -> HttpResponse:
    """End one of one's own sessions."""
    if not sessions.end(user_id=_me(request), signed_in_id=session):
        raise Http404("no such session of yours")
    messages.success(request, _("Ended: that browser has to sign in again."))
    return redirect("sign-in", request.shop.slug)


@require_POST
@shop_page
@opens_without_second_factor
def end_others(request: ConsoleRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    ended = sessions.end_others(user_id=_me(request), session_key=request.session.session_key or "")
    text = ngettext("%d other session is ended.", "%d other sessions are ended.", ended)
    messages.success(request, text % ended)
    return redirect("sign-in", request.shop.slug)


def _me(request: ConsoleRequest) -> int:
    return int(request.user.id or 0)
