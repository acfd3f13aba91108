"""Everything that is kept of a person, as she may ask for it: all tables, in plain values."""

import base64
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from ripresa.domain.contacts import queries as contacts
from ripresa.domain.messages import queries as outbox
from ripresa.usecases.personal_data.holdings import HOLDINGS

# Says nothing to her: where a row lies.
_INNER = frozenset({"shop_id"})


class PersonalData(NamedTuple):
    """`tables`: the rows of each table that holds something of hers, in plain values."""

    contact_id: UUID
    told_at: datetime
    keys: list[str]
    tables: dict[str, list[dict[str, Any]]]

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "contact": str(self.contact_id),
            "told_at": self.told_at.isoformat(),
            "keys": self.keys,
            "data": self.tables,
        }


@transaction.atomic
def collect(*, shop_id: int, contact_id: UUID, now: datetime) -> PersonalData | None:
    """All that is kept of a person of this shop; None where it has no such person."""
    contact = contacts.find_contact(shop_id, contact_id)
    if contact is None or contact.erased_at is not None:
        return None
    keys = contacts.keys_of(shop_id, contact_id)
    values = {
        "shop_id": shop_id,
        "contact": contact_id,
        "keys": keys,
        "addresses": contacts.addresses_of(contact, keys),
        "pseudonym": "",
        "now": now,
    }
    tables: dict[str, list[dict[str, Any]]] = {}
    for each in HOLDINGS:
        statement = (
            f"SELECT t.* FROM {each.table} AS t WHERE t.shop_id = %(shop_id)s AND ({each.hers})"
        )
        if rows := _rows(statement, values):
            tables[each.table] = rows
    _spell_out(shop_id, tables.get("message_content", []))
    return PersonalData(contact_id, now, keys, dict(reversed(tables.items())))


def _spell_out(shop_id: int, contents: list[dict[str, Any]]) -> None:
    """What messages said is kept shortened; she is told all of it."""
    said = outbox.said_in(shop_id, [UUID(one["id"]) for one in contents])
    for one in contents:
        one.pop("source_id", None)
        del one["words"]
        one["html"], one["text"] = said[UUID(one["id"])]


def _rows(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
    found = [
        {
            name: _plain(value)
            for name, value in zip(names, row, strict=True)
            if name not in _INNER and value not in (None, "")
        }
        for row in rows
    ]
    return sorted(found, key=str)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value
