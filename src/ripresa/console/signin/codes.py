"""An app that shows codes: set up, taken away; recovery codes, shown once."""

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import FACTOR, opens_without_second_factor, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.console.signin.telling import tell_of_factors
from ripresa.domain.signin.factors import factors_of
from ripresa.usecases.signin import codes


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@shop_page
@opens_without_second_factor
def set_up(request: ConsoleRequest) -> HttpResponse:
    """GET shows the QR code; POST confirms it with a first code and shows the recovery codes."""
    user_id = int(request.user.id or 0)
    if factors_of(user_id).has_codes:
        return redirect("sign-in", request.shop.slug)
    if request.method == "POST":
        code = request.POST.get("code", "")[:40]
        if (made := codes.confirm(user_id=user_id, code=code, now=request.now)) is not None:
            request.session[FACTOR] = "code"
            tell_of_factors(request, {"app": False}, {"app": True})
            return _show_recovery(request, made)
    begun = codes.begin(user_id=user_id, name=request.user.get_username())
    # An SVG of our own making; the secret in it came from us.
    picture = segno.make(begun.uri, micro=False).svg_inline(scale=4, border=3, light="#fff")
    is_wrong = request.method == "POST"
    return show_settings(
        request,
        "console/signin/app.html",
        "sign-in",
        status=422 if is_wrong else 200,
        picture=mark_safe(picture),  # noqa: S308
        secret=" ".join(begun.secret[at : at + 4] for at in range(0, len(begun.secret), 4)),
        is_wrong=is_wrong,
    )


@require_POST
@shop_page
@opens_without_second_factor
def remove(request: ConsoleRequest) -> HttpResponse:
    """The app is needed no more, and neither are its recovery codes."""
    user_id = int(request.user.id or 0)
    codes.remove(user_id=user_id)
    if not factors_of(user_id).is_any:
        request.session[FACTOR] = "password"
    tell_of_factors(request, {"app": True}, {"app": False})
    messages.success(request, _("The app is taken away: its codes are asked for no more."))
    return redirect("sign-in", request.shop.slug)


@require_POST
@shop_page
@opens_without_second_factor
def renew(request: ConsoleRequest) -> HttpResponse:
    """New recovery codes; the old ones are over."""
    user_id = int(request.user.id or 0)
    if not factors_of(user_id).has_codes:
        return redirect("sign-in", request.shop.slug)
    return _show_recovery(request, codes.renew_recovery_codes(user_id=user_id))


def _show_recovery(request: ConsoleRequest, made: list[str]) -> HttpResponse:
    return show_settings(request, "console/signin/recovery.html", "sign-in", codes=made)
