"""The request as console pages see it."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from ripresa.domain.shops.models import Membership, Shop

MAY_CHANGE = frozenset({"owner", "marketer"})
OWNERS = frozenset({"owner"})


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
