"""Take mails in: store them, so that whoever handed them over may forget them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ripresa.channels.mailbox.addresses import OwnAddress, Use, read_own_address
from ripresa.channels.mailbox.provider import BOUNCE_DOMAIN, REPLY_DOMAIN
from ripresa.domain.mailroom import operations
from ripresa.domain.mailroom.operations import Arrived
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.providers.models import ProviderAccount

_DOMAINS = {Use.BOUNCE: BOUNCE_DOMAIN, Use.REPLY: REPLY_DOMAIN}


def shop_of(address: str, letterhead: Letterhead) -> int | None:
    """Whose mail it is that is handed to us for `address`; None: nobody's, so it is refused.

    An address with a key is that of a message, and only with a key that we have signed. One without is
    where complaints may come: there the returned mail has to name the message.
    """
    own = read_own_address(address)
    if own is None:
        return None
    if not own.key:
        return _shop_at(own, None)
    named = letterhead.named_by(own.key)
    return None if named is None else _shop_at(own, named.shop_id)


def _shop_at(own: OwnAddress, shop_id: int | None) -> int | None:
    """The shop whose mailbox has the domain, in use or not: answers come for years."""
    setting = f"settings__{_DOMAINS[own.use]}"
    found = ProviderAccount.objects.filter(kind="mailbox", **{setting: own.domain})
    if shop_id is not None:
        found = found.filter(shop_id=shop_id)
    return found.order_by("shop_id").values_list("shop_id", flat=True).first()


@transaction.atomic
def take_in(*, shop_id: int, mails: Sequence[Arrived], now: datetime) -> None:
    """Store mails; they are on disk once this returns."""
    operations.store(shop_id=shop_id, mails=mails, now=now)
