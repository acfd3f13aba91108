"""Error pages: plain words, what to do next, and nothing about the inside."""

import logging
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from ripresa.console.layout.badges import ROLES
from ripresa.console.layout.request import ConsoleRequest, OnlyFor, page_of
from ripresa.console.layout.typed import TooLong
from ripresa.domain.shops.queries import owners_of

logger = logging.getLogger(__name__)
_FULL_SECONDS = 60
_SHOWN = 40


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something no page understands."""
    logger.info("bad request: %s", exception)
    return _page("console/errors/400.html", 400)


def not_allowed(request: ConsoleRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but the role does not reach that far. Who may, and whom to ask."""
    logger.info("refused: %s", exception)
    if not isinstance(exception, OnlyFor):
        return _page("console/errors/403.html", 403)
    may = ", ".join(str(name) for role, name in ROLES.items() if role in exception.roles)
    about: dict[str, Any] = {
        "may": may,
        "mine": ROLES[request.role],
        "owners": owners_of(request.shop.id),
    }
    if request.htmx:
        ask = _("Another role is given by an owner of the shop. Ask:")
        who = _("Your role in this shop: %(mine)s. This may be done by: %(may)s.") % about
        words = {"words": f"{who} {ask} {', '.join(about['owners'])}"}
        return trigger_client_event(HttpResponse(status=403), "told", words)
    return _page("console/errors/403.html", 403, **about)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form whose token is missing or too old (Django's CSRF check)."""
    logger.info("form refused: %s", reason)
    back = page_of(request, request.headers.get("Referer", ""))
    return _page("console/errors/stale_form.html", 403, back=back)


def given_up(status: HTTPStatus, most: int) -> HttpResponse:
    """408, 413, 503: a body of more than `most` bytes, one too slow, or one file too many at once."""
    logger.info("body given up: %s", status.phrase)
    is_full = status is HTTPStatus.SERVICE_UNAVAILABLE
    context = {"megabytes": most >> 20, "is_long": status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
    answer = _page("console/errors/given_up.html", status, is_full=is_full, **context)
    if is_full:
        answer["Retry-After"] = str(_FULL_SECONDS)
    return answer


def too_long(request: ConsoleRequest, long: TooLong) -> HttpResponse:
    """422: more was typed than is kept. A piece of a page stays as it is, and the words stand above it."""
    which = f"{long.text[:_SHOWN]}…"
    if request.htmx:
        answer = reswap(HttpResponse(status=422), "none")
        # Behind the swap: whatever was said before goes with it, even where nothing is swapped.
        words = {"words": f"{which}: {long.words}"}
        return trigger_client_event(answer, "told", words, after="swap")
    back = page_of(request, request.headers.get("Referer", ""))
    return _page("console/errors/too_long.html", 422, which=which, words=long.words, back=back)


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing there, or nothing there for you."""
    # An address that no pattern fits comes with all the patterns: a hundred kilobytes a line.
    why = "no such address" if isinstance(exception, Resolver404) else exception
    logger.info("not found: %s", why)
    return _page("console/errors/404.html", 404)


def broken(_request: HttpRequest) -> HttpResponse:
    """500: our fault. The details are in the log; this page needs neither database nor session."""
    return _page("console/errors/500.html", 500)


def _page(template: str, status: int, **context: object) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status)
