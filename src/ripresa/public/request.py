"""The request as public pages see it: an instant, and nobody."""

from datetime import datetime
from ipaddress import ip_address

from django.http import HttpRequest

from ripresa.core.config import load


class PublicRequest(HttpRequest):
    """`now` is set at the edge. Neither session nor user is ever touched: no cookie is set."""

    now: datetime


def client_ip(request: HttpRequest) -> str:
    """Who asks, if that is known. A trusted proxy adds the address it saw as the last of the list."""
    named = request.headers.get("X-Forwarded-For", "") if load().trust_proxy else ""
    text = named.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or ""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
