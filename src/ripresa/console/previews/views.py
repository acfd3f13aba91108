"""A message on desktop, phone, in the dark and as plain text; the mail itself in a frame of its own."""

from typing import ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.badges import TEMPLATES
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.previews import letters
from ripresa.console.previews.basis import basis_of
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.templates.preview_message import (
    NothingToShow,
    Preview,
    preview_message,
    recent_carts,
)

LOOKS = {
    "desktop": _("Desktop"),
    "phone": _("Phone"),
    "dark": _("Dark"),
    "text": _("Plain text"),
}
# A mail brings its own styles; nothing in it runs, asks anybody or is anybody's origin.
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [""],
}


class Mail(HttpResponse):
    """A mail for a frame of the console; django-csp takes the policy from the answer."""

    _csp_replace: ClassVar = POLICY


@shop_page
def preview(request: ConsoleRequest, template: str, channel: str, language: str) -> HttpResponse:
    """The page around a message: tabs for looks and languages."""
    shown = _render(request, template, channel, language)
    speaks = next(
        one.languages for one in Texts(request.shop.id).list_all() if one.name == template
    )
    look = request.GET.get("as", "desktop")
    return show(
        request,
        "console/previews/preview.html",
        "texts",
        name=template,
        title=TEMPLATES.get(template, template),
        channel=channel,
        language=language,
        languages=[(code, ENDONYMS.get(code, code)) for code in speaks],
        looks=LOOKS if channel == "email" else {},
        look=look if look in LOOKS else "desktop",
        message=shown.rendered,
        count=shown.count,
        carts=recent_carts(request.shop.id),
        basis=basis_of(request),
        query=request.GET.urlencode(),
        **(
            letters.seen(request, letters.of_text(template, language))
            if channel == "letter"
            else {}
        ),
    )


@shop_page
def mail(request: ConsoleRequest, template: str, language: str) -> HttpResponse:
    """The mail alone, as its reader's program gets it."""
    answer = Mail(_render(request, template, "email", language).rendered.html)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _render(request: ConsoleRequest, template: str, channel: str, language: str) -> Preview:
    try:
        return preview_message(
            shop=request.shop,
            template=template,
            channel=channel,
            language=language,
            now=request.now,
            basis=basis_of(request),
        )
    except NothingToShow as nothing:
        raise Http404(str(nothing)) from None
