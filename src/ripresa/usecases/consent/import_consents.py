"""Import consents with their proof from a table in a text file.

Each row becomes a store event like any other, so people who are not known yet are made, a refusal
cancels what is planned, and a row that is imported again changes nothing. The next folds take them in.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from ripresa.contracts.plain_values import is_id, normalise_email, normalise_phone
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.validation import utc_instant
from ripresa.core.delimited.instants import NotAnInstant, read_instant
from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.consents.policy import CHANNELS
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import BY_HAND, Delivery
from ripresa.domain.shops.models import Shop
from ripresa.usecases.consent.change_consent import Said, event_of
from ripresa.usecases.tables.importing import Kind, Manner, TableImport, WrongRow, open_table

_WORDS = {
    "email": "email emailaddress mail emailadresse adresaemail indirizzoemail почта",
    "phone": "phone phonenumber mobile telefono telefon numar telefonnummer телефон",
    "customer": "customer customerid clienteid kundennummer",
    "channel": "channel canale kanal canal канал",
    "state": "state status consent optin subscribed consenso einwilligung stare согласие",
    "at": "at date time timestamp consentat consentdate optindate data datum dataconsenso дата",
    "source": "source origin fonte quelle sursa источник",
    "text": "text wording testo wortlaut текст",
    "version": "version versione textversion versiune версия",
    "ip": "ip ipaddress optinip",
}
_YES = "granted yes true 1 subscribed optin opted-in si sì ja da да"
_NO = "denied no false 0 unsubscribed optout opted-out nein nu нет"
_STATES = {
    **dict.fromkeys(_YES.split(), "granted"),
    **dict.fromkeys(_NO.split(), "denied"),
}
_LONGEST_TEXT = 5000


class Defaults(NamedTuple):
    """What holds for rows that do not say it. `at` None: a row must say it."""

    channel: str = "email"
    state: str = "granted"
    source: str = "import"
    text: str = ""
    version: str = ""
    at: datetime | None = None


class Row(NamedTuple):
    """Whose consent, and what she said."""

    key: str
    said: Said


def open_consents(
    *, shop: Shop, path: Path, manner: Manner, defaults: Defaults, now: datetime
) -> TableImport[Row]:
    """A file of consents, not looked at yet. Raises NotImportable."""
    zone = ZoneInfo(shop.timezone)
    kind = Kind(
        _WORDS,
        [("email", "phone", "customer")],
        partial(_read, zone=zone, defaults=defaults, now=now),
        partial(_keep, shop_id=shop.id, now=now),
        partial(_show, zone=zone),
    )
    return open_table(path, manner, kind)


def _read(cells: Mapping[str, str], *, zone: ZoneInfo, defaults: Defaults, now: datetime) -> Row:
    key = _key(cells)
    channel = cells.get("channel", "").lower() or defaults.channel
    channel = {"e-mail": "email", "mail": "email"}.get(channel, channel)
    if channel not in CHANNELS:
        raise WrongRow("not_a_channel", f"a channel is email, sms or letter, not {channel[:40]!r}")
    word = cells.get("state", "").lower() or defaults.state
    if (state := _STATES.get(word)) is None:
        raise WrongRow("not_a_state", f"consent is granted or denied, not {word[:40]!r}")
    at = _instant(cells.get("at", ""), zone) if cells.get("at") else defaults.at
    if at is None:
        raise WrongRow("no_time", "when did she say so? A proof needs it")
    if at > now:
        raise WrongRow("not_yet", f"{at:%Y-%m-%d %H:%M} has not come yet")
    text = cells.get("text", "") or defaults.text
    if len(text) > _LONGEST_TEXT:
        raise WrongRow("too_long", f"the text has more than {_LONGEST_TEXT} characters")
    proof = Proof(
        cells.get("source", "")[:200] or defaults.source,
        text,
        "",
        cells.get("version", "")[:100] or defaults.version,
        _ip(cells.get("ip", "")),
    )
    return _numbered(key, channel, state, proof, at)


def _numbered(key: str, channel: str, state: str, proof: Proof, at: datetime) -> Row:
    """The row with an id that follows from what it says: imported twice, it is the same event."""
    parts = (key, channel, state, proof.source, proof.text, proof.version, proof.ip, at.isoformat())
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    proof = Proof(proof.source, proof.text, f"import:{digest[:40]}", proof.version, proof.ip)
    return Row(key, Said({channel: state}, proof, at))


def _key(cells: Mapping[str, str]) -> str:
    if text := cells.get("email", ""):
        if (email := normalise_email(text)) is None:
            raise WrongRow("not_an_email", f"{text[:80]!r} is no e-mail address")
        return f"email:{email}"
    if text := cells.get("customer", ""):
        if not is_id(text):
            raise WrongRow("not_an_id", f"{text[:80]!r} is no customer id")
        return f"customer:{text}"
    text = cells.get("phone", "")
    if not text:
        raise WrongRow("nobody", "neither e-mail address nor phone nor customer id")
    if (phone := normalise_phone(text)) is None:
        raise WrongRow(
            "not_a_phone", f"{text[:40]!r} is no number with its country code, like +39…"
        )
    return f"phone:{phone}"


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """When she said so, in UTC; without a zone it is the shop's. Raises NotAnInstant."""
    at = read_instant(text, order="", zone=zone)
    try:
        return utc_instant("at", at)
    except Invalid:
        raise NotAnInstant("{text!r} lies before 1970 or after 2100", text=text[:40]) from None


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        return read_time(text, zone)
    except NotAnInstant as wrong:
        raise WrongRow("not_an_instant", str(wrong)) from None


def _ip(text: str) -> str:
    if not text:
        return ""
    try:
        return str(ip_address(text))
    except ValueError:
        raise WrongRow("not_an_ip", f"{text[:60]!r} is no IP address") from None


@transaction.atomic
def _keep(rows: Sequence[Row], *, shop_id: int, now: datetime) -> int:
    events = [Delivery(event_of(row.key, row.said), now, source=BY_HAND) for row in rows]
    return inbox.store(shop_id=shop_id, deliveries=events)


def _show(row: Row, *, zone: ZoneInfo) -> str:
    [(channel, state)] = row.said.states.items()
    at = row.said.at.astimezone(zone)
    return f"{row.key}  {channel} {state}  {at:%Y-%m-%d %H:%M}  {row.said.proof.source}"
