"""A courier that calls a scripted server, and a shop whose endpoints it serves."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.fernet import Fernet

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core.http.client import HttpClient
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from ripresa.domain.webhooks.telling import tell
from ripresa.usecases.webhooks.delivering import TO_ALL, Courier
from ripresa.usecases.webhooks.endpoints import Endpoints
from tests.scripted_http import HOST

BOX = SecretBox([Fernet.generate_key().decode()])
ENDPOINTS = Endpoints(BOX)


@contextmanager
def courier(timeout: timedelta = timedelta(seconds=10), **values: Any):
    http = HttpClient(connections=TO_ALL, internal_hosts=[HOST])
    made = Courier(http, ENDPOINTS, timeout, chance=lambda: 0.5, **values)
    try:
        yield made
    finally:
        made.close()


def deliver(made: Courier, now: datetime) -> None:
    """Make every call that is due at `now`, and take down what comes of it."""
    while any(made.call(shop_id=one, now=now) for one in made.shops_to_call(now)):
        made.finish(lambda: now)


def warn(shop_id: int, subject: UUID | None, now: datetime, *texts: str) -> None:
    """Something happens, once for each text, all to one subject."""
    about = subject or uuid4()
    facts = [{"kind": "volume", "about": "a shop", "cause": text} for text in texts]
    tell(
        shop_id=shop_id,
        types=[HappeningType.SHOP_WARNED],
        happened=lambda: [Happening(HappeningType.SHOP_WARNED, about, now, one) for one in facts],
        now=now,
    )


def endpoint_at(
    shop_id: int, url: str, now: datetime, *, patterns: Sequence[str] = ("*",), name: str = "crm"
) -> tuple[WebhookEndpoint, str]:
    """An endpoint, and its secret."""
    made = ENDPOINTS.add(shop_id=shop_id, name=name, url=url, patterns=patterns, now=now)
    return made.endpoint, made.secret


def states(endpoint: WebhookEndpoint) -> list[str]:
    """The states of its deliveries, in the order in which things happened."""
    own = WebhookDelivery.objects.filter(endpoint_id=endpoint.id).order_by("position")
    return list(own.values_list("state", flat=True))


def told_types() -> list[str]:
    """What was written down, in order."""
    return list(WebhookEvent.objects.order_by("position").values_list("type", flat=True))
