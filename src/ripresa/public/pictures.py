"""Pictures that mails and pages show: uploaded ones, and our copies of what the shop sells."""

from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ripresa.domain.media.addresses import read_key
from ripresa.domain.media.library import find_content
from ripresa.public.request import PublicRequest
from ripresa.usecases.templates.product_pictures import copy_at

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"
_FOR_AN_HOUR = "public, max-age=3600"
# Stands for a picture that can't be had; its greys show on light pages and dark ones.
_PARCEL = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" fill="none" stroke="#8a8580">'
    b'<rect width="40" height="40" fill="#8a8580" fill-opacity=".16" stroke="none"/>'
    b'<path stroke-width="1.5" stroke-linejoin="round"'
    b' d="m20 10 9 5v10l-9 5-9-5V15zm-9 5 9 5 9-5m-9 5v10"/></svg>'
)


class Picture(HttpResponse):
    """A picture that is a picture whatever anybody takes it for; django-csp takes the policy from here."""

    _csp_replace: ClassVar = {"default-src": ["'none'"], "sandbox": [""]}

    def __init__(self, content: bytes, media_type: str, keeps: str) -> None:
        super().__init__(content, content_type=media_type)
        self.headers["Cache-Control"] = keeps
        self.headers["X-Content-Type-Options"] = "nosniff"
        self.headers["Content-Disposition"] = "inline"
        # Mails are read in programs of every host.
        self.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


@require_safe
def uploaded(request: PublicRequest, key: str) -> HttpResponse:
    """A picture of a shop. What stands under its address never changes."""
    del request
    wanted = read_key(key)
    found = find_content(wanted) if wanted else None
    return Picture(found[1], found[0], _FOR_EVER) if found else _nothing()


@require_safe
def product(request: PublicRequest, signed: str) -> HttpResponse:
    """Our copy of a picture of the shop's, or a parcel; 404: we never gave that address."""
    copy = copy_at(signed, request.now)
    if copy is None:
        return _nothing()
    if copy.content is None:
        # A list of goods is not to be full of torn pictures because one host is away.
        return Picture(_PARCEL, "image/svg+xml", _FOR_AN_HOUR)
    return Picture(bytes(copy.content), copy.media_type, _FOR_A_DAY)


def _nothing() -> HttpResponse:
    answer = HttpResponse("There is no such picture.", status=404, content_type="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
