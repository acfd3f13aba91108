"""Erase a person: what is hers goes, the shop's figures stay, and tombstones keep her from coming back.

Her row stays as nobody's: carts, orders and messages go on counting under an id that leads to no one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.core import query
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.consents.policy import CHANNELS
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.contacts.locking import lock
from ripresa.domain.contacts.models import Contact, ContactKey, PhoneClaim, VisitKey
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.models import Message
from ripresa.domain.messages.operations import Verdict
from ripresa.domain.scenarios import operations as scenarios
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.webhooks.telling import tell
from ripresa.usecases.personal_data.holdings import DELETE, HOLDINGS, REFUSALS, Holding

_say = partial(query.run, "ripresa.domain.contacts")
_log = structlog.get_logger("ripresa.erasure")


class NobodyThere(Exception):
    """There is no such person in the shop, or she was erased before."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: rows by table, deleted or stripped."""

    contact_id: UUID
    rows: dict[str, int]


@transaction.atomic
def erase_contact(
    *,
    shop_id: int,
    contact_id: UUID,
    by: str,
    now: datetime,
    may_return: bool = False,
    keeps_refusals: bool = False,
) -> Erased:
    """Erase a person for good. What is planned for her is skipped, `erased`. Raises NobodyThere.

    `may_return`: no tombstone is laid. `keeps_refusals`: what she forbade holds on, for nobody asked for it.
    """
    # A fold under way knows her keys already, and would write them after us.
    inbox.wait_for_turn(shop_id=shop_id)
    lock(shop_id=shop_id, contact_ids=[contact_id])
    contact = contacts.find_contact(shop_id, contact_id)
    if contact is None or contact.erased_at is not None:
        raise NobodyThere(f"there is no person {contact_id}")
    keys = contacts.keys_of(shop_id, contact_id)
    values = _values(contact, keys, now)
    _skip_what_is_planned(shop_id, contact_id, now)
    if not may_return:
        tombstones.lay(shop_id=shop_id, keys=_tombstones(contact, keys), by=by, now=now)
    if keeps_refusals and values["refused"]:
        # Soon nothing says any more that these keys are one person's: each has to know by itself.
        _say("say_by_every_key", shop_id=shop_id, keys=keys, channels=values["refused"])
    visits = _visits(shop_id, keys)
    rows = {each.table: _erase(each, values, spares=keeps_refusals) for each in HOLDINGS}
    _stand_in(contact, values["pseudonym"], visits)
    _tell(shop_id, contact_id, now)
    _log.info("erased", shop=shop_id, contact=str(contact_id), by=by)
    return Erased(contact_id, {table: count for table, count in rows.items() if count})


@transaction.atomic
def erase_refusals(*, shop_id: int, keys: Sequence[str], by: str, now: datetime) -> dict[str, int]:
    """Erase what people forbade whom nobody knows by these keys any more; returns rows by table."""
    addresses = [key.partition(":")[2] for key in keys if not key.startswith("customer:")]
    values = {"shop_id": shop_id, "keys": list(keys), "addresses": addresses}
    rows = {each.table: _erase(each, values, spares=False) for each in REFUSALS}
    if any(rows.values()):
        tombstones.lay(shop_id=shop_id, keys=keys, by=by, now=now)
    return {table: count for table, count in rows.items() if count}


@transaction.atomic
def erase_all_refusals(*, shop_id: int) -> None:
    """Erase what anybody forbade, where nobody of the shop is left."""
    for each in REFUSALS:
        _erase(each._replace(hers="TRUE"), {"shop_id": shop_id}, spares=False)


def _values(contact: Contact, keys: list[str], now: datetime) -> dict[str, Any]:
    """What the SQL of HOLDINGS is asked with."""
    return {
        "shop_id": contact.shop_id,
        "contact": contact.id,
        "keys": keys,
        "addresses": contacts.addresses_of(contact, keys),
        "refused": [one for one in CHANNELS if getattr(contact, f"consent_{one}") == "denied"],
        "pseudonym": f"erased:{contact.id.hex}",
        "now": now,
    }


def _tombstones(contact: Contact, keys: Sequence[str]) -> set[str]:
    """Her keys, and every number that she ever claimed, whoever has it now."""
    claims = PhoneClaim.objects.filter(shop_id=contact.shop_id, key__in=keys)
    numbers = {contact.phone, *claims.values_list("phone", flat=True)}
    return {*keys, *(f"phone:{number}" for number in numbers if number)}


def _skip_what_is_planned(shop_id: int, contact_id: UUID, now: datetime) -> None:
    planned = Message.objects.filter(shop_id=shop_id, contact_id=contact_id, state="planned")
    ids = list(planned.values_list("id", flat=True))
    verdicts = [Verdict(each, "skipped", Reason.ERASED, Outcome.SKIPPED) for each in ids]
    outbox.settle_planned(shop_id=shop_id, verdicts=verdicts, now=now)
    runs = Recovery.objects.filter(
        shop_id=shop_id, contact_id=contact_id, state__in=["waiting", "active"]
    )
    scenarios.cancel_runs(
        shop_id=shop_id,
        runs=[(run_id, None, Reason.ERASED) for run_id in runs.values_list("id", flat=True)],
        now=now,
    )


def _tell(shop_id: int, contact_id: UUID, now: datetime) -> None:
    erased = Happening(HappeningType.CONTACT_ERASED, contact_id, now, contact_id=contact_id)
    types = [HappeningType.CONTACT_ERASED]
    tell(shop_id=shop_id, types=types, happened=lambda: [erased], now=now)


def _erase(holding: Holding, values: dict[str, Any], *, spares: bool) -> int:
    where = f"WHERE t.shop_id = %(shop_id)s AND ({holding.hers})"
    if spares:
        where += f" AND NOT ({holding.forbids})"
    if holding.erase is None:
        return 0
    if holding.erase == DELETE:
        statement = f"DELETE FROM {holding.table} AS t {where}"
    else:
        statement = f"UPDATE {holding.table} AS t SET {holding.erase} {where}"
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _visits(shop_id: int, keys: Sequence[str]) -> list[VisitKey]:
    """On which carts she was seen; browsers are forgotten."""
    found = VisitKey.objects.filter(shop_id=shop_id, key__in=keys, visit__startswith="token:")
    return list(found)


def _stand_in(contact: Contact, pseudonym: str, visits: Sequence[VisitKey]) -> None:
    """Nobody's key in place of hers: what is folded again later still finds whose carts these were."""
    ContactKey.objects.create(
        shop_id=contact.shop_id,
        key=pseudonym,
        contact_id=contact.id,
        reachable_at=contact.reachable_at,
    )
    merged: dict[str, VisitKey] = {}
    for one in visits:
        known = merged.setdefault(
            one.visit,
            VisitKey(
                shop_id=one.shop_id,
                visit=one.visit,
                key=pseudonym,
                trusted=one.trusted,
                earliest_at=one.earliest_at,
                latest_at=one.latest_at,
            ),
        )
        known.trusted = known.trusted or one.trusted
        known.earliest_at = min(known.earliest_at, one.earliest_at)
        known.latest_at = max(known.latest_at, one.latest_at)
    VisitKey.objects.bulk_create(merged.values())
