"""The suppression list in the hands of people: added, removed, imported; each change is logged."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import Suppression, SuppressionChange

_run = partial(query.run, "ripresa.domain.contacts")

CAUSES = ("manual", "unsubscribed", "complaint", "hard_bounce")
# The mailbox's own verdict, or its owner's: not to be lifted in passing.
GRAVE = frozenset({"complaint", "hard_bounce"})
_PAGE = 2_000


class Entry(NamedTuple):
    """An address, or only the SHA-256 of one, in a channel."""

    channel: str
    address: str
    cause: str = "manual"
    detail: str = ""
    digest: bytes | None = None


class Deed(NamedTuple):
    """Who changes the list, and why."""

    by: str
    why: str


def add(*, shop_id: int, entries: Sequence[Entry], deed: Deed, now: datetime) -> list[Entry]:
    """Add entries; returns the new ones. An address that is there keeps its first cause.

    Of a digest, the address is added at once if somebody has it, else when somebody comes who does.
    """
    plain = {(each.channel, each.address): each for each in entries if each.digest is None}
    hashed = {(each.channel, each.digest): each for each in entries if each.digest}
    new = _add_plain(shop_id, plain, now) + _add_hashed(shop_id, hashed, now)
    _log(shop_id, "added", new, deed, now)
    return new


def remove(
    *, shop_id: int, channel: str, addresses: Sequence[str], deed: Deed, now: datetime
) -> list[Entry]:
    """Take addresses off the list, their digests as well; returns what was on it."""
    found = Suppression.objects.filter(shop_id=shop_id, channel=channel, address__in=addresses)
    removed = [Entry(row.channel, row.address, row.cause, row.detail) for row in found]
    found.delete()
    digests = [digest_of(address) for address in addresses]
    _run("drop_digests", shop_id=shop_id, channel=channel, digests=[each.hex() for each in digests])
    _log(shop_id, "removed", removed, deed, now)
    return removed


def digest_of(address: str) -> bytes:
    """SHA-256 of an address in its agreed form: what hashed lists hold."""
    return hashlib.sha256(address.encode()).digest()


def causes_of(*, shop_id: int, channel: str, address: str) -> list[str]:
    """For what an address is on the list, itself or by its digest; nothing: it is not."""
    found = Suppression.objects.filter(shop_id=shop_id, channel=channel, address=address)
    digests = [digest_of(address).hex()]
    rows = _run("find_digests", shop_id=shop_id, channel=channel, digests=digests)
    return [*found.values_list("cause", flat=True), *(row[1] for row in rows)]


def recognise(*, shop_id: int, channel: str, addresses: Iterable[str]) -> None:
    """Suppress those of `addresses`, new ones in the shop, whose digest stands on the list, since it does."""
    by_digest = {digest_of(address).hex(): address for address in addresses}
    if not by_digest:
        return
    rows = _run("find_digests", shop_id=shop_id, channel=channel, digests=sorted(by_digest))
    for digest, cause, detail, since in rows:
        address = by_digest[digest]
        _add_plain(shop_id, {(channel, address): Entry(channel, address, cause, detail)}, since)


def list_newest(shop_id: int, *, older_than: UUID | None, limit: int) -> list[Suppression]:
    """A page of the list, the newest first; `older_than` is the id of the last one seen."""
    found = Suppression.objects.filter(shop_id=shop_id)
    if older_than is not None:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def walk(shop_id: int) -> Iterator[Suppression]:
    """The whole list, the oldest entries first, a page at a time."""
    latest = None
    while True:
        found = Suppression.objects.filter(shop_id=shop_id)
        if latest is not None:
            found = found.filter(id__gt=latest)
        page = list(found.order_by("id")[:_PAGE])
        yield from page
        if len(page) < _PAGE:
            return
        latest = page[-1].id


def _add_plain(
    shop_id: int, entries: Mapping[tuple[str, str], Entry], now: datetime
) -> list[Entry]:
    if not entries:
        return []
    rows = [entries[key] for key in sorted(entries)]
    added = _run(
        "add_suppressions",
        shop_id=shop_id,
        now=now,
        ids=[new_id(now) for _ in rows],
        channels=[row.channel for row in rows],
        addresses=[row.address for row in rows],
        causes=[row.cause for row in rows],
        details=[row.detail for row in rows],
    )
    return [entries[channel, address] for channel, address in added]


def _add_hashed(
    shop_id: int, entries: Mapping[tuple[str, bytes], Entry], now: datetime
) -> list[Entry]:
    rows = list(entries.values())
    if not rows:
        return []
    values = {
        "shop_id": shop_id,
        "channels": [row.channel for row in rows],
        "digests": [row.digest.hex() for row in rows if row.digest is not None],
    }
    added = _run(
        "add_digests",
        now=now,
        causes=[row.cause for row in rows],
        details=[row.detail for row in rows],
        **values,
    )
    # One statement over all contacts: a digest can't be looked up.
    holders = _run("addresses_of_digests", **values)
    known = {
        (channel, address): entries[channel, bytes.fromhex(digest)]._replace(
            address=address, digest=None
        )
        for channel, digest, address in holders
    }
    _add_plain(shop_id, known, now)
    return [entries[channel, bytes.fromhex(digest)] for channel, digest in added]


def _log(shop_id: int, action: str, entries: Sequence[Entry], deed: Deed, now: datetime) -> None:
    SuppressionChange.objects.bulk_create(
        SuppressionChange(
            shop_id=shop_id,
            id=new_id(now),
            at=now,
            by=deed.by,
            why=deed.why,
            action=action,
            channel=each.channel,
            address=each.address if each.digest is None else f"sha256:{each.digest.hex()}",
            cause=each.cause,
        )
        for each in entries
    )
