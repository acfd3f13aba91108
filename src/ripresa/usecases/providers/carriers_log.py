"""What people do with senders, provider accounts and endpoints, as the shop's log tells it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.messages.models import Sender
from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.webhooks.models import WebhookEndpoint

Kept = Sender | ProviderAccount | WebhookEndpoint


_NOTHING: Mapping[str, Any] = {}


def tell(
    one: Kept,
    action: Action,
    now: datetime,
    after: Mapping[str, Any] = _NOTHING,
    *,
    before: Mapping[str, Any] = _NOTHING,
) -> None:
    """Write down that whoever is at work did this to it. `after`: what it was given, no secrets."""
    about = {Sender: About.SENDER, ProviderAccount: About.PROVIDER}.get(type(one), About.WEBHOOK)
    # A sender's name is the shop's own; its address is nobody's business here.
    subject = Subject(about, one.id, one.name)
    write_down(
        shop_id=one.shop_id, action=action, subject=subject, before=before, after=after, now=now
    )
