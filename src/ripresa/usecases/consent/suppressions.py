"""The suppression list: put addresses on it, take them off, read it in and out of files (CNS-3)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from django.db import transaction

from ripresa.contracts.plain_values import normalise_email, normalise_phone
from ripresa.core.delimited.writing import write_csv
from ripresa.domain.contacts.suppressions import by_hand
from ripresa.domain.contacts.suppressions.by_hand import CAUSES, GRAVE, Deed, Entry
from ripresa.domain.shops.models import Shop
from ripresa.usecases.tables.importing import Kind, Manner, TableImport, WrongRow, open_table

_WORDS = {
    "address": "address email emailaddress mail phone phonenumber recipient indirizzo adresse adresa адрес",
    "digest": "sha256 digest hash emailsha256",
    "channel": "channel canale kanal canal канал",
    "cause": "cause causa grund cauza причина",
    "detail": "detail reason note motivo dettaglio",
}
_COLUMNS = ("channel", "address", "cause", "detail", "since")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OTHER_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}")


class NotAnAddress(ValueError):
    """There is nothing in it that could be suppressed; the message says why."""


class NotListed(Exception):
    """The address is not on the list; nothing was changed."""


class NeedsConfirmation(Exception):
    """It is on the list for a cause that is not lifted in passing; say that you mean it."""


@transaction.atomic
def suppress_address(*, shop_id: int, text: str, deed: Deed, now: datetime) -> Entry:
    """Put one address, number or digest on the list by hand. Raises NotAnAddress."""
    entry = read_address(text)._replace(detail=deed.why)
    by_hand.add(shop_id=shop_id, entries=[entry], deed=deed, now=now)
    return entry


@transaction.atomic
def lift_suppression(
    *, shop_id: int, text: str, deed: Deed, confirmed: bool, now: datetime
) -> Sequence[Entry]:
    """Take an address off the list. Raises NotAnAddress, NotListed, NeedsConfirmation."""
    entry = read_address(text)
    if entry.digest is not None:
        raise NotAnAddress("say the address itself: its digest goes with it")
    listed = by_hand.causes_of(shop_id=shop_id, channel=entry.channel, address=entry.address)
    if not listed:
        raise NotListed(f"{text.strip()} is not on the list")
    grave = sorted(set(listed) & GRAVE)
    if grave and not confirmed:
        raise NeedsConfirmation(
            f"{entry.address} is on the list for: {', '.join(grave)}. "
            "Writing there again can cost you your reputation as a sender"
        )
    return by_hand.remove(
        shop_id=shop_id, channel=entry.channel, addresses=[entry.address], deed=deed, now=now
    )


def open_suppressions(
    *, shop: Shop, path: Path, manner: Manner, defaults: Entry, deed: Deed, now: datetime
) -> TableImport[Entry]:
    """A file of addresses or digests, not looked at yet. Raises NotImportable."""
    kind = Kind(
        _WORDS,
        [("address", "digest")],
        partial(_read, defaults=defaults),
        partial(_keep, shop_id=shop.id, deed=deed, now=now),
        lambda entry: f"{entry.channel}  {entry.address or 'a digest'}  {entry.cause}",
    )
    return open_table(path, manner, kind)


def export_suppressions(*, shop_id: int, to: TextIO) -> int:
    """Write the list as CSV that can be imported again; returns how many rows that are."""
    write_csv([_COLUMNS], to)
    count = 0
    for row in by_hand.walk(shop_id):
        since = f"{row.created_at:%Y-%m-%dT%H:%M:%SZ}"
        write_csv([(row.channel, row.address, row.cause, row.detail, since)], to)
        count += 1
    return count


def read_address(text: str) -> Entry:
    """An e-mail address, a number, or the SHA-256 of an e-mail address. Raises NotAnAddress."""
    text = text.strip().removeprefix("'")
    lowered = text.lower().removeprefix("sha256:")
    if _DIGEST.fullmatch(lowered):
        return Entry("email", "", digest=bytes.fromhex(lowered))
    if _OTHER_HASH.fullmatch(lowered):
        raise NotAnAddress("hashes are SHA-256 of the address in lower case: 64 digits")
    if (email := normalise_email(text)) is not None:
        return Entry("email", email)
    if (phone := normalise_phone(text)) is not None:
        return Entry("sms", phone)
    raise NotAnAddress(f"{text[:80]!r} is no e-mail address, no number like +39…, and no SHA-256")


def _read(cells: Mapping[str, str], *, defaults: Entry) -> Entry:
    try:
        entry = read_address(cells.get("address", "") or cells.get("digest", ""))
    except NotAnAddress as wrong:
        raise WrongRow("not_an_address", str(wrong)) from None
    channel = cells.get("channel", "").lower() or (
        entry.channel if entry.digest is None else defaults.channel
    )
    if channel not in {"email", "sms"} or (entry.digest is None and channel != entry.channel):
        raise WrongRow("not_a_channel", f"{channel[:40]!r} is no channel for this address")
    cause = cells.get("cause", "").lower() or defaults.cause
    if cause not in CAUSES:
        raise WrongRow("not_a_cause", f"a cause is {', '.join(CAUSES)}, not {cause[:40]!r}")
    detail = cells.get("detail", "")[:500] or defaults.detail
    return entry._replace(channel=channel, cause=cause, detail=detail)


@transaction.atomic
def _keep(entries: Sequence[Entry], *, shop_id: int, deed: Deed, now: datetime) -> int:
    return len(by_hand.add(shop_id=shop_id, entries=entries, deed=deed, now=now))
