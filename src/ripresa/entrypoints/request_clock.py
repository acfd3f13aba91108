"""The one place where a request learns what time it is: `request.now`, passed down from there."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase

from ripresa.core.config import load


class TimedRequest(HttpRequest):
    """A request with its instant, aware and in UTC."""

    now: datetime


class RequestClock:
    """Middleware. The demo's clock outruns the wall, so pages must ask it and not Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._clock = load().clock

    def __call__(self, request: TimedRequest) -> HttpResponseBase:
        """Stamp the request, then go on."""
        request.now = self._clock.now()
        return self._get_response(request)
