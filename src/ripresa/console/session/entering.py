"""The moment of signing in: a session of its own, and what was proven kept in it."""

from ipaddress import ip_address
from typing import NamedTuple

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ripresa.console.layout.access import FACTOR, SEEN
from ripresa.console.layout.request import ConsoleRequest
from ripresa.core.config import load
from ripresa.domain.signin import failures
from ripresa.usecases.signin import sessions

_HALF = "half"
_HALF_SECONDS = 300


class Half(NamedTuple):
    """Somebody whose password was right, and who has to prove more."""

    user: User
    next: str


def enter(request: ConsoleRequest, user: User, factor: str) -> None:
    """Sign her in; `factor`: password, code or passkey."""
    request.session.pop(_HALF, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[FACTOR] = factor
    request.session[SEEN] = request.now.timestamp()
    request.session.save()
    sessions.begin(
        user_id=user.id,
        session_key=request.session.session_key or "",
        ip=client_ip(request),
        agent=request.headers.get("User-Agent", ""),
        now=request.now,
    )
    failures.forget(user.username)


def half_enter(request: ConsoleRequest, user: User, target: str) -> None:
    """Keep for a few minutes that the password was right."""
    request.session.cycle_key()
    request.session[_HALF] = {"user": user.id, "next": target, "at": request.now.timestamp()}


def half_entered(request: ConsoleRequest) -> Half | None:
    """Who has given the password a moment ago."""
    half = request.session.get(_HALF)
    if not half or request.now.timestamp() - half["at"] > _HALF_SECONDS:
        return None
    user = User.objects.filter(id=half["user"], is_active=True).first()
    return Half(user, half["next"]) if user else None


def target_of(request: HttpRequest, asked: str) -> str:
    """Where to go then: a page of ours that was asked for, else to the shop."""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("start")


def client_ip(request: HttpRequest) -> str:
    """Who asks, if that is known. A trusted proxy adds the address it saw as the last of the list."""
    named = request.headers.get("X-Forwarded-For", "") if load().trust_proxy else ""
    text = named.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or ""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
