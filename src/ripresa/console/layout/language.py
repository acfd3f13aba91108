"""The language of a page: what this browser chose once, else the best it understands, else English.

The choice is a cookie, so it also holds on the login page, and costs no statement. Only addresses of the
console choose here: public pages follow the shopper and the API speaks English.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Each in its own words: who can't read the page must still find her own.
ENDONYMS = {
    "en": "English",
    "it": "Italiano",
    "ro": "Română",
    "ru": "Русский",
    "de": "Deutsch",
}
_OTHERS = ("ripresa.public.", "ninja.")


class ChosenLanguage:
    """Middleware, behind the session: pages of the console in the language of whoever reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the chosen language, and tell caches on what that depends."""
        if not _is_ours(request.path_info):
            return self._get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            answer = self._get_response(request)
        patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        return answer


def _is_ours(path: str) -> bool:
    """Whether the console answers here; so it does where nobody else does, with a page that says so."""
    try:
        return not resolve(path).func.__module__.startswith(_OTHERS)
    except Resolver404:
        return not path.startswith("/api/")
