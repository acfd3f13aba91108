"""Answers of the public pages: no cookie, no trace in the next site's log, no copy, no index."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.kits import logo_path
from ripresa.public.destination import choose_destination
from ripresa.public.links import Found
from ripresa.public.request import PublicRequest
from ripresa.public.texts import FALLBACK, TEXTS, choose_language


class Page(HttpResponse):
    """A page; django-csp reads what it adds to the usual policy."""

    _csp_update: dict[str, list[str]] | None = None

    def let_form_end_at(self, address: str) -> None:
        """Browsers hold a form's redirect to the policy too: name the one site it may end on."""
        where = urlsplit(address)
        self._csp_update = {"form-action": [f"{where.scheme}://{where.netloc}"]}


def show(
    request: PublicRequest,
    template: str,
    shop: Shop | None,
    *,
    status: int = 200,
    spoken: str | None = None,
    **context: Any,
) -> Page:
    """A page in the reader's language; `t` holds its texts. Rendered without session and user.

    `spoken`: the language that she has chosen, if she has.
    """
    language = spoken or choose_language(request, shop.language if shop else FALLBACK)
    logo = logo_path(shop.id) if shop else ""
    frame = {"shop": shop, "logo": logo, "language": language, "t": TEXTS[language]}
    answer = Page(render_to_string(template, {**frame, **context}), status=status)
    guarded(answer)
    return answer


def nothing_there(request: PublicRequest, found: Found) -> HttpResponse:
    """404 for a link nobody was given, 410 for one that has expired; both lead to the shop."""
    store = choose_destination(None, (), found.shop.store_url) if found.shop else None
    kind = "expired" if found.is_expired else "unknown"
    return show(
        request,
        "public/nothing.html",
        found.shop,
        status=410 if found.is_expired else 404,
        kind=kind,
        store=store,
    )


def guarded(answer: HttpResponse) -> HttpResponse:
    """The headers every public page carries."""
    add_never_cache_headers(answer)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
