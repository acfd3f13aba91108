"""Who may open what. A shop that is not mine does not exist for me: 404, whatever its state."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from ripresa.console.layout.request import MAY_CHANGE, ConsoleRequest
from ripresa.domain.audit import acting
from ripresa.domain.shops import queries as shops
from ripresa.usecases.work_under_way import runs_in_shop

View = Callable[..., HttpResponse]
LATEST_SHOP = "shop"


def member_page(view: View) -> View:
    """A page for whoever is signed in; sets `request.memberships`."""

    @wraps(view)
    def opened(plain: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request = cast("ConsoleRequest", plain)
        if not request.user.is_authenticated:
            return _to_login(request)
        request.memberships = shops.list_memberships(request.user.id, has_work=runs_in_shop())
        with acting.acting_as(acting.member(request.user.id)):
            answer = view(request, *args, **kwargs)
        # Personal data: no copy may stay in a shared cache or in a browser that signed out.
        add_never_cache_headers(answer)
        return answer

    return cast("View", opened)


def shop_page(view: View) -> View:
    """A page of one shop, for its members; its instants are shown in the shop's zone."""

    @wraps(view)
    def opened(request: ConsoleRequest, slug: str, **kwargs: Any) -> HttpResponse:
        mine = [member for member in request.memberships if member.shop.slug == slug]
        if not mine:
            raise Http404("no such shop among yours")
        request.shop, request.role = mine[0].shop, mine[0].role
        request.may_change = request.role in MAY_CHANGE
        request.install_stopped_at = mine[0].install_stopped_at
        request.has_work = mine[0].has_work
        if request.session.get(LATEST_SHOP) != slug:
            request.session[LATEST_SHOP] = slug
        with timezone.override(request.shop.timezone):
            return view(request, **kwargs)

    return member_page(opened)


def changes_shop(view: View) -> View:
    """Under `shop_page`: only for roles that may change something; everybody else gets 403."""

    @wraps(view)
    def opened(request: ConsoleRequest, **kwargs: Any) -> HttpResponse:
        if not request.may_change:
            raise PermissionDenied("your role may look, not change")
        return view(request, **kwargs)

    return opened


def owns_shop(view: View) -> View:
    """Under `shop_page`: only for owners, who say who may do what; everybody else gets 403."""

    @wraps(view)
    def opened(request: ConsoleRequest, **kwargs: Any) -> HttpResponse:
        if request.role != "owner":
            raise PermissionDenied("only an owner of the shop may do this")
        return view(request, **kwargs)

    return opened


def _to_login(request: ConsoleRequest) -> HttpResponseBase:
    """To the login and back. A piece of a page can't hold it, so the whole page goes there."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    came_from = urlsplit(request.htmx.current_url_abs_path or "/")
    login = redirect_to_login(came_from.path + (f"?{came_from.query}" if came_from.query else ""))
    return HttpResponseClientRedirect(login.headers["Location"])
