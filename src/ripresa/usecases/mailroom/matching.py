"""Which message of ours a mail is about."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ripresa.domain.contacts.queries import contacts_at
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Message

_WENT_OUT = ("sending", "sent", "unknown")
# How long after our latest mail an answer that names none may mean it.
_MEANT_FOR = timedelta(days=30)


def message_named(*, shop_id: int, keys: Iterable[str], letterhead: Letterhead) -> Message | None:
    """The first message of the shop that one of `keys` names. Only keys that we have signed count."""
    for key in keys:
        named = letterhead.named_by(key)
        if named is None or named.shop_id != shop_id:
            continue
        sent = Message.objects.filter(
            shop_id=shop_id, id=named.row_id, channel="email", state__in=_WENT_OUT
        )
        message = sent.select_related("sender").first()
        if message is not None:
            return message
    return None


def message_to(*, shop_id: int, address: str, now: datetime) -> Message | None:
    """The latest mail to whoever writes from `address`, about the newest cart she has not bought."""
    if not address:
        return None
    sent = Message.objects.filter(
        shop_id=shop_id,
        contact_id__in=contacts_at(shop_id, "email", address.lower()),
        channel="email",
        state__in=_WENT_OUT,
        handed_over_at__gte=now - _MEANT_FOR,
        cart__state__in=("open", "abandoned"),
    )
    return sent.select_related("sender").order_by("-cart__left_at", "-handed_over_at").first()
