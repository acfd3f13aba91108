"""Split a contact: a merge of two people, taken back by hand (CUS-1).

The split is an event like any other, made by Ripresa itself: the fold works out anew who is who, and
whatever is told later of these keys respects it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ripresa.contracts.events import EventType, SplitBlock, StoreEvent
from ripresa.contracts.plain_values import normalise_email
from ripresa.core.ids import new_id
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.rules import is_strong
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import BY_HAND, Delivery


class CannotSplit(Exception):
    """Nothing was split; the message says which key is wrong and why."""


@dataclass(frozen=True, slots=True)
class Parted:
    """What the next fold will part: `taken_out` from `left_behind`, strong keys both, in order."""

    taken_out: tuple[str, ...]
    left_behind: tuple[str, ...]


@transaction.atomic
def split_contact(*, shop_id: int, keys: Collection[str], now: datetime) -> Parted:
    """Take `keys` (`email:…`, `customer:…`) out of the person who has them all. Raises CannotSplit."""
    wanted = tuple(sorted({_agreed(key) for key in keys}))
    if not wanted:
        raise CannotSplit("name at least one key to take out, like email:ada@example.test")
    holders = contacts.holders_of_keys(shop_id, wanted)
    if unknown := [key for key in wanted if key not in holders]:
        raise CannotSplit(f"nobody in this shop has the key {_listed(unknown)}")
    if len(set(holders.values())) > 1:
        raise CannotSplit(
            f"{_listed(wanted)} belong to different people: a split takes keys out of one person"
        )
    hers = contacts.keys_of(shop_id, holders[wanted[0]])
    left = tuple(key for key in hers if is_strong(key) and key not in wanted)
    if not left:
        raise CannotSplit(
            f"this person has no other e-mail address or customer id than {_listed(wanted)}: "
            "there is nothing to part from"
        )
    event = StoreEvent(
        id=f"split:{new_id(now)}",
        type=EventType.CONTACT_SPLIT,
        occurred_at=now,
        split=SplitBlock(wanted),
    )
    inbox.store(shop_id=shop_id, deliveries=[Delivery(event, now, source=BY_HAND)])
    return Parted(wanted, left)


def _agreed(key: str) -> str:
    """The key as it is stored. Raises CannotSplit if it is none that can be taken out."""
    kind, _, value = key.strip().partition(":")
    if kind == "email" and (address := normalise_email(value)) is not None:
        return f"email:{address}"
    if kind == "customer" and value:
        return f"customer:{value}"
    raise CannotSplit(
        f"{key!r} is no key that a split can take out; those are email:ADDRESS and customer:ID"
    )


def _listed(keys: Collection[str]) -> str:
    return ", ".join(keys)
