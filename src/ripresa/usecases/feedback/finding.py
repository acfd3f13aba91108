"""Which message feedback is about: by our key, by the provider's receipt, or by the address."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from ripresa.contracts.feedback import Feedback
from ripresa.domain.contacts.queries import contacts_at
from ripresa.domain.messages.feedback import Item
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Message

# How long after a message something told of its address alone may mean it.
_MEANT_FOR = timedelta(days=30)
_WENT_OUT = ("sending", "sent", "unknown")


class Source(NamedTuple):
    """Who tells. `name` keeps what one tells apart from what others do.

    `trusts_recipient`: whether an address alone may name a message. Not where anybody may tell us, as
    by mail: who knows an address could have it suppressed.
    """

    name: str
    channel: str
    account_id: UUID | None = None
    trusts_recipient: bool = True


def find_items(
    *, shop_id: int, source: Source, heard: Sequence[Feedback], letterhead: Letterhead
) -> list[tuple[Item, Message | None]]:
    """Each of `heard` with its message, if one is meant."""
    finder = _Finder(shop_id, source, letterhead)
    return [finder.item(one) for one in heard]


class _Finder(NamedTuple):
    shop_id: int
    source: Source
    letterhead: Letterhead

    def item(self, one: Feedback) -> tuple[Item, Message | None]:
        message = self._message(one)
        address = self._address(one, message)
        channel = self.source.channel if message is None else message.channel
        return Item(one, None if message is None else message.id, channel, address), message

    def _address(self, one: Feedback, message: Message | None) -> str | None:
        """Where we wrote to, rather than how the provider spells it."""
        if message is not None and message.to_address:
            return message.to_address
        if one.recipient is None or not self.source.trusts_recipient:
            return None
        text = one.recipient.strip()
        return text.lower() if self.source.channel == "email" else text

    def _message(self, one: Feedback) -> Message | None:
        if one.message_key:
            named = self.letterhead.named_by(one.message_key)
            if named is None or named.shop_id != self.shop_id:
                return None
            return self._sent.filter(id=named.row_id).first()
        if one.receipt and self.source.account_id is not None:
            own = self._sent.filter(account_id=self.source.account_id, state="sent")
            return own.filter(receipt=one.receipt).order_by("-handed_over_at").first()
        if one.recipient and self.source.trusts_recipient:
            return self._latest_to(one)
        return None

    def _latest_to(self, one: Feedback) -> Message | None:
        """The last message that left for an address before something was heard of it."""
        address = self._address(one, None) or ""
        people = contacts_at(self.shop_id, self.source.channel, address)
        window = self._sent.filter(
            contact_id__in=people,
            channel=self.source.channel,
            to_address=address,
            handed_over_at__gte=one.occurred_at - _MEANT_FOR,
            handed_over_at__lte=one.occurred_at,
        )
        return window.order_by("-handed_over_at").first()

    @property
    def _sent(self) -> "QuerySet[Message]":
        return Message.objects.filter(shop_id=self.shop_id, state__in=_WENT_OUT)
