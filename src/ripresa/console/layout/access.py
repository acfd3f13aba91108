"""Who may open what. A shop that is not mine does not exist for me: 404, whatever its state."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from ripresa.console.layout.errors import too_long
from ripresa.console.layout.pages import show_switched_off
from ripresa.console.layout.request import MAY_CHANGE, OWNERS, ConsoleRequest, OnlyFor, page_of
from ripresa.console.layout.switches import is_open
from ripresa.console.layout.typed import TooLong
from ripresa.domain.audit import acting
from ripresa.domain.shops import queries as shops
from ripresa.usecases.signin import sessions
from ripresa.usecases.work_under_way import runs_in_shop

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
LATEST_SHOP = "shop"
# In the session: with what she has proven who she is, and when it was noted that it is in use.
FACTOR, SEEN = "factor", "seen"
STRONG = frozenset({"passkey", "code"})


def member_page(view: View) -> View:
    """A page for whoever is signed in; sets `request.memberships`."""

    @wraps(view)
    def opened(plain: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request = cast("ConsoleRequest", plain)
        if not request.user.is_authenticated:
            return _to_login(request)
        request.memberships = shops.list_memberships(request.user.id, has_work=runs_in_shop())
        _see(request)
        with acting.acting_as(acting.member(request.user.id)):
            try:
                answer = view(request, *args, **kwargs)
            except TooLong as long:
                answer = too_long(request, long)
        # Personal data: no copy may stay in a shared cache or in a browser that signed out.
        add_never_cache_headers(answer)
        return answer

    return cast("View", opened)


def shop_page(view: View) -> View:
    """A page of one shop, for its members; its instants are shown in the shop's zone."""

    @wraps(view)
    def opened(request: ConsoleRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        mine = [member for member in request.memberships if member.shop.slug == slug]
        if not mine:
            raise Http404("no such shop among yours")
        request.shop, request.role = mine[0].shop, mine[0].role
        request.may_change = request.role in MAY_CHANGE
        request.install_stopped_at = mine[0].install_stopped_at
        request.has_work = mine[0].has_work
        if request.session.get(LATEST_SHOP) != slug:
            request.session[LATEST_SHOP] = slug
        if request.shop.second_factor and not _may_enter(request, view):
            return _to_second_factor(request)
        with timezone.override(request.shop.timezone):
            if not is_open(request.shop, request.path_info):
                return show_switched_off(request)
            return view(request, **kwargs)

    return cast("View", member_page(opened))


def opens_without_second_factor(view: View) -> View:
    """Inside `shop_page`: where a second factor is set up, nobody can have one yet."""
    view.opens_without_second_factor = True  # type: ignore[attr-defined]
    return view


def _may_enter(request: ConsoleRequest, view: Callable[..., HttpResponseBase]) -> bool:
    """Whether she has proven enough for a shop that asks for a second factor."""
    is_open = getattr(view, "opens_without_second_factor", False)
    return is_open or request.session.get(FACTOR) in STRONG


def _to_second_factor(request: ConsoleRequest) -> HttpResponse:
    where = reverse("sign-in", args=[request.shop.slug])
    answer = HttpResponseClientRedirect(where) if request.htmx else redirect(where)
    return cast("HttpResponse", answer)


def _see(request: ConsoleRequest) -> None:
    """Keep now and then that this session is in use."""
    seen, now = request.session.get(SEEN), request.now.timestamp()
    if seen is not None and now - seen >= sessions.SEEN_EVERY.total_seconds():
        request.session[SEEN] = now
        sessions.see(session_key=request.session.session_key or "", now=request.now)


def changes_shop(view: View) -> View:
    """Under `shop_page`: only for roles that may change something; everybody else gets 403."""

    @wraps(view)
    def opened(request: ConsoleRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.may_change:
            raise OnlyFor(MAY_CHANGE)
        return view(request, **kwargs)

    return cast("View", opened)


def owns_shop(view: View) -> View:
    """Under `shop_page`: only for owners, who say who may do what; everybody else gets 403."""

    @wraps(view)
    def opened(request: ConsoleRequest, **kwargs: Any) -> HttpResponseBase:
        if request.role != "owner":
            raise OnlyFor(OWNERS)
        return view(request, **kwargs)

    return cast("View", opened)


def _to_login(request: ConsoleRequest) -> HttpResponseBase:
    """To the login and back to the page that asked. A piece of one can't hold it: as a whole, then."""
    asked = request.get_full_path()
    if request.htmx:
        login = redirect_to_login(page_of(request, request.htmx.current_url or "/") or asked)
        return HttpResponseClientRedirect(login.headers["Location"])
    if request.method == "POST":
        # Where a form goes is often no page: she comes back to the one it stood on.
        asked = page_of(request, request.headers.get("Referer", "")) or asked
    return redirect_to_login(asked)
