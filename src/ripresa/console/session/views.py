"""Login page, the second factor, and the way from the bare address to a shop."""

from datetime import datetime
from math import ceil

from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import LATEST_SHOP, member_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.console.session.entering import (
    client_ip,
    enter,
    half_enter,
    half_entered,
    target_of,
)
from ripresa.console.session.forms import LoginForm
from ripresa.domain.signin import failures
from ripresa.domain.signin.factors import factors_of
from ripresa.usecases.signin import codes, sessions


@sensitive_post_parameters("password")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: ConsoleRequest) -> HttpResponse:
    """GET shows the form; POST tries the password. Who is signed in already goes on."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    target = target_of(request, asked)
    if request.user.is_authenticated:
        return redirect(target)
    form = LoginForm(request)
    context = {"form": form, "next": asked}
    if request.method != "POST":
        return render(request, "console/session/login.html", context)
    name, address = cleaned(request.POST.get("username")).lower(), client_ip(request)
    if (until := failures.paused_until(name, address, now=request.now)) is not None:
        # Nothing was tried: so it tells nothing, not even that the password was right.
        return _paused(request, "console/session/login.html", context, until)
    context["form"] = form = LoginForm(request, data=request.POST)
    if not form.is_valid():
        failures.count(name, address, now=request.now)
        return render(request, "console/session/login.html", context)
    user = form.get_user()
    assert isinstance(user, User)  # noqa: S101  (the form's own type says less)
    if factors_of(user.id).is_any:
        half_enter(request, user, target)
        return redirect("login-code")
    enter(request, user, "password")
    return redirect(target)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: ConsoleRequest) -> HttpResponse:
    """After the password: a code of the app, a recovery code, or the passkey."""
    half = half_entered(request)
    if half is None:
        return redirect("login")
    factors = factors_of(half.user.id)
    context = {"factors": factors, "is_wrong": False}
    page = "console/session/second_factor.html"
    if request.method != "POST":
        return render(request, page, context)
    name, address = half.user.username, client_ip(request)
    if (until := failures.paused_until(name, address, now=request.now)) is not None:
        return _paused(request, page, context, until)
    code = request.POST.get("code", "")[:40]
    if not codes.is_right(user_id=half.user.id, code=code, now=request.now):
        failures.count(name, address, now=request.now)
        return render(request, page, {**context, "is_wrong": True}, status=422)
    enter(request, half.user, "code")
    return redirect(half.next)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    sessions.forget(session_key=request.session.session_key or "")
    logout(request)
    return redirect("login")


@member_page
def start(request: ConsoleRequest) -> HttpResponse:
    """To the shop one was in latest, else to the first; who has none is told whom to ask."""
    slugs = [member.shop.slug for member in request.memberships]
    if not slugs:
        return render(request, "console/session/no_shop.html")
    latest = request.session.get(LATEST_SHOP)
    return redirect("home", latest if latest in slugs else slugs[0])


def _paused(
    request: ConsoleRequest, page: str, context: dict[str, object], until: datetime
) -> HttpResponse:
    """Too many tries: how long to wait. 429."""
    minutes = max(1, ceil((until - request.now).total_seconds() / 60))
    text = ngettext(
        "Too many tries. Wait %d minute, then try again.",
        "Too many tries. Wait %d minutes, then try again.",
        minutes,
    )
    answer = render(request, page, {**context, "paused": text % minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
