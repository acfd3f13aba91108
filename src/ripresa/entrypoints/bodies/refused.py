"""Saying why a body was not taken in: for people a page, in their language and the console's look.

Whoever gives a body up writes why into the scope, and asks the pages with an empty body instead.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from ripresa.console.layout.errors import given_up
from ripresa.entrypoints.bodies.form import REFUSED


class RefusedBody:
    """Middleware, behind the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Say why, where something was refused; else go on."""
        refused = getattr(request, "scope", {}).get(REFUSED)
        return given_up(*refused) if refused else self._get_response(request)
