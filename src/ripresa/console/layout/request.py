"""The request as console pages see it."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from ripresa.domain.shops.models import Membership, Shop

# Behind two slashes a browser reads a host.
_OURS = re.compile(r"/(?![/\\])")
MAY_CHANGE = frozenset({"owner", "marketer"})
OWNERS = frozenset({"owner"})
MAY_WORK = MAY_CHANGE | {"agent"}


class ConsoleRequest(HttpRequest):
    """A signed-in member's request. `access.shop_page` sets what a shop's page needs."""

    user: User | AnonymousUser
    now: datetime
    htmx: HtmxDetails
    shop: Shop
    role: str
    may_change: bool
    install_stopped_at: datetime | None
    has_work: bool
    memberships: list[Membership]


def page_of(request: HttpRequest, address: str) -> str:
    """The path of a page of ours, as a browser names where it comes from; "" where it is none."""
    page = urlsplit(address)
    if page.netloc not in {"", request.get_host()} or not _OURS.match(page.path):
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


class OnlyFor(PermissionDenied):
    """Her role does not reach that far: `roles` may."""

    def __init__(self, roles: frozenset[str]) -> None:
        super().__init__(f"only for {', '.join(sorted(roles))}")
        self.roles = roles
