"""The request as public pages see it: an instant, and nobody."""

from datetime import datetime

from django.http import HttpRequest


class PublicRequest(HttpRequest):
    """`now` is set at the edge. Neither session nor user is ever touched: no cookie is set."""

    now: datetime
