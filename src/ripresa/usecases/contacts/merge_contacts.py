"""Merge two people by hand, shown first (CUS-6). `split_contact` takes it back.

The merge is an event like any other, made by Ripresa itself, which names a key of each: the fold works out
anew who is who, and carts, orders, messages and consent come together as in every merge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.events import EventType, MergeBlock, StoreEvent
from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.regrouping import splits_of
from ripresa.domain.contacts.rules import is_strong
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import BY_HAND, Delivery
from ripresa.domain.messages.models import Message

_CHANNELS = ("email", "sms", "letter")


class CannotMerge(Exception):
    """Nothing was merged; the message says why."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, with what is hers."""

    contact: Contact
    keys: tuple[str, ...]
    carts: int
    orders: int
    messages: int

    @property
    def consents(self) -> Mapping[str, str]:
        """What rules for her now, by channel."""
        return {channel: getattr(self.contact, f"consent_{channel}") for channel in _CHANNELS}


@dataclass(frozen=True, slots=True)
class Together:
    """What a merge would bring together: the older of the two stays. `joined_by`: a key of each."""

    stays: Side
    joins: Side
    joined_by: tuple[str, str]

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.stays, self.joins

    @property
    def refused(self) -> tuple[str, ...]:
        """Channels in which either has said no: it holds for both, unless a newer proven yes lifts it."""
        return tuple(
            channel
            for channel in _CHANNELS
            if any(each.consents[channel] == "denied" for each in self.sides)
        )


def preview_merge(*, shop_id: int, contact_id: UUID, other_id: UUID) -> Together:
    """What would come together; changes nothing. Raises CannotMerge."""
    if contact_id == other_id:
        raise CannotMerge("that is the same person")
    first, second = sorted((contact_id, other_id))
    stays, joins = _side(shop_id, first), _side(shop_id, second)
    return Together(stays, joins, _joined_by(shop_id, stays, joins))


@transaction.atomic
def merge_contacts(*, shop_id: int, contact_id: UUID, other_id: UUID, now: datetime) -> Together:
    """Make two people one with the next fold. Raises CannotMerge."""
    told = preview_merge(shop_id=shop_id, contact_id=contact_id, other_id=other_id)
    event = StoreEvent(
        id=f"merge:{new_id(now)}",
        type=EventType.CONTACT_MERGE,
        occurred_at=now,
        merge=MergeBlock(told.joined_by),
    )
    inbox.store(shop_id=shop_id, deliveries=[Delivery(event, now, source=BY_HAND)])
    for side in (told.stays, told.joins):
        write_down(
            shop_id=shop_id,
            action=Action.MERGED,
            subject=Subject(About.CONTACT, side.contact.id),
            now=now,
        )
    return told


def _side(shop_id: int, contact_id: UUID) -> Side:
    contact = contacts.find_contact(shop_id, contact_id)
    if contact is None or contact.erased_at is not None:
        raise CannotMerge("this shop has no such person")
    hers = {"shop_id": shop_id, "contact_id": contact_id}
    return Side(
        contact,
        tuple(contacts.keys_of(shop_id, contact_id)),
        Cart.objects.filter(**hers).count(),
        Order.objects.filter(**hers).count(),
        Message.objects.filter(**hers).count(),
    )


def _joined_by(shop_id: int, stays: Side, joins: Side) -> tuple[str, str]:
    """A key of each that nobody has parted. Raises CannotMerge."""
    pairs = [
        (left, right)
        for left in stays.keys
        for right in joins.keys
        if is_strong(left) and is_strong(right)
    ]
    if not pairs:
        raise CannotMerge(
            "each needs an e-mail address or a customer id: a number alone joins nobody"
        )
    splits = splits_of(shop_id, [*stays.keys, *joins.keys])
    for left, right in pairs:
        if all((left in split) == (right in split) for split in splits):
            return left, right
    raise CannotMerge("somebody has split them by hand, and that holds for good")
