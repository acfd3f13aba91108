"""What a platform asks by law of whoever holds its shop's data: a person told or erased, a whole shop erased.

Done as soon as it is read; the law would give 30 days. Whom nobody knows gets a tombstone all the same, for
history may be filled in later.
"""

from datetime import datetime, timedelta

import structlog

from ripresa.contracts.shops.personal import PersonalRequest, PersonalWish
from ripresa.domain.connections import queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.usecases.personal_data.erase import (
    erase_all_refusals,
    erase_contact,
    erase_refusals,
)

# People erased at one go when a whole shop is: each is a transaction's worth of work.
_AT_ONCE = 50
_SOON = timedelta(seconds=1)

_log = structlog.get_logger("ripresa.connections")


def grant_wish(connection: Connection, wished: PersonalRequest, now: datetime) -> datetime | None:
    """Do what is wished; returns when to go on with it, None: it is done."""
    _log.info("a wish by law", connection=connection.name, wish=wished.wish.value)
    match wished.wish:
        case PersonalWish.TELL:
            _tell(connection, wished, now)
        case PersonalWish.ERASE:
            _erase(connection, wished, now)
        case PersonalWish.ERASE_SHOP:
            return _erase_shop(connection, now)
    return None


def _keys(wished: PersonalRequest) -> list[str]:
    """Whom it is about. A phone number alone is shared too often to erase somebody by it."""
    named = {"email": wished.email.lower(), "customer": wished.customer_id}
    keys = [f"{kind}:{value}" for kind, value in named.items() if value]
    return keys or ([f"phone:{wished.phone}"] if wished.phone else [])


def _tell(connection: Connection, wished: PersonalRequest, now: datetime) -> None:
    keys = _keys(wished)
    known = [key for key in keys if key in contacts.holders_of_keys(connection.shop_id, keys)]
    about = known[0] if known else keys[0]
    kind = "data_request" if known else "data_request_nobody"
    telling = Telling(kind, about, f"{connection.name} {wished.reference}".strip())
    tell_owner(shop_id=connection.shop_id, tellings=[telling], now=now)


def _erase(connection: Connection, wished: PersonalRequest, now: datetime) -> None:
    keys = _keys(wished)
    held = contacts.holders_of_keys(connection.shop_id, keys)
    for contact_id in sorted(set(held.values())):
        erase_contact(
            shop_id=connection.shop_id, contact_id=contact_id, by=connection.name, now=now
        )
    erase_refusals(shop_id=connection.shop_id, keys=keys, by=connection.name, now=now)
    tombstones.lay(shop_id=connection.shop_id, keys=keys, by=connection.name, now=now)


def _erase_shop(connection: Connection, now: datetime) -> datetime | None:
    """Everybody, a few at a time; nobody while a shop is still heard: it came back, or was never gone."""
    if queries.list_open(connection.shop_id):
        telling = Telling("shop_erasure_refused", connection.name, "")
        tell_owner(shop_id=connection.shop_id, tellings=[telling], now=now)
        return None
    left = Contact.objects.filter(shop_id=connection.shop_id, erased_at=None).order_by("id")
    some = list(left.values_list("id", flat=True)[: _AT_ONCE + 1])
    for contact_id in some[:_AT_ONCE]:
        erase_contact(
            shop_id=connection.shop_id,
            contact_id=contact_id,
            by=connection.name,
            now=now,
            may_return=True,
        )
    if len(some) > _AT_ONCE:
        return now + _SOON
    erase_all_refusals(shop_id=connection.shop_id)
    return None
