"""A row of a file as its kind reads it: cells by field, and complaints that name the column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from babel import Locale

from ripresa.contracts.mapping.finishing import Draft, said
from ripresa.contracts.mapping.people import e164
from ripresa.contracts.plain_values import normalise_country, normalise_email
from ripresa.core.delimited.amounts import NotAnAmount, read_amount
from ripresa.core.delimited.instants import NotAnInstant, read_instant
from ripresa.usecases.files.manner import Manner

_YES = "granted yes y true 1 subscribed subscribe optin opted-in si sì ja da да x"
_NO = "denied no n false 0 unsubscribed optout opted-out nein nu нет suppressed cleaned"
_NOTHING = "unknown never never_subscribed not_set none"
_STATES = {
    **dict.fromkeys(_YES.split(), "granted"),
    **dict.fromkeys(_NO.split(), "denied"),
    **dict.fromkeys(_NOTHING.split(), "unknown"),
}


class WrongCell(Exception):
    """Why a row is left out: field, code, and what to do."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code


@dataclass(slots=True)
class Row:
    """Cells by field, and what was left out of them so far: (field, code, message)."""

    number: int
    cells: Mapping[str, str]
    manner: Manner
    left_out: list[tuple[str, str, str]] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """What a cell says; None: nothing."""
        return self.cells.get(name) or None

    def amount(self, name: str) -> str | None:
        """A decimal text. Raises WrongCell."""
        text = self.cells.get(name)
        if not text:
            return None
        try:
            return read_amount(text, self.manner.decimal)
        except NotAnAmount as wrong:
            raise WrongCell(name, "not_an_amount", str(wrong)) from None

    def instant(self, name: str) -> datetime | None:
        """An instant in UTC. Raises WrongCell."""
        text = self.cells.get(name)
        if not text:
            return None
        try:
            return read_instant(text, order=self.manner.dates, zone=self.manner.tz)
        except NotAnInstant as wrong:
            raise WrongCell(name, "not_an_instant", str(wrong)) from None

    def state(self, name: str) -> str | None:
        """What a cell says of a consent: granted, denied or unknown. Raises WrongCell."""
        text = (self.cells.get(name) or "").strip().lower()
        if not text:
            return None
        known = self.manner.states.get(text) or _STATES.get(text)
        if known is None:
            raise WrongCell(
                name,
                "not_a_state",
                f"{text[:40]!r} is neither a yes nor a no: write granted or denied",
            )
        return known

    def leave_out(self, name: str, code: str, message: str) -> None:
        """Go on without a cell."""
        self.left_out.append((name, code, message))

    def draft(self, kind: str, at: datetime, names: dict[str, str], **blocks: Any) -> Draft:
        """A draft of an event; `names`: fields by the contract's paths."""
        return Draft({"type": kind, "occurred_at": at.isoformat(), **said(blocks)}, names)


_CODE_LETTERS = 2
# Some tables name somebody and put the address behind: Ada Rossi (ada@example.test); of several the first.
_IN_BRACKETS = re.compile(r"[(<]([^()<>\s@]+@[^()<>\s@]+)[)>]").search

_NAMES = {
    "contact.email": "email", "contact.phone": "phone", "contact.customer_id": "customer_id",
    "contact.first_name": "first_name", "contact.last_name": "last_name", "contact.locale": "locale",
    "contact.timezone": "timezone", "contact.agent": "agent", "contact.address.country": "country",
    "contact.address.lines": "street", "contact.address.postal_code": "postal_code",
    "contact.address.city": "city", "contact.address.region": "region",
}  # fmt: skip


def person_names() -> dict[str, str]:
    """Fields of a person by the contract's paths."""
    return dict(_NAMES)


def person(row: Row) -> dict[str, Any]:
    """The contact block of a row; a detail that is wrong is left out and told. {}: nobody."""
    country = _country(row)
    email = row.text("email")
    if email is not None and normalise_email(email) is None and (inside := _IN_BRACKETS(email)):
        email = inside[1]
    if email is not None and normalise_email(email) is None:
        row.leave_out("email", "not_an_email", f"{email[:80]!r} is no e-mail address")
        email = None
    agent = row.text("agent")
    if agent is not None and normalise_email(agent) is None:
        row.leave_out("agent", "not_an_email", f"{agent[:80]!r}: an agent is an e-mail address")
        agent = None
    first, last = row.text("first_name"), row.text("last_name")
    if first is None and last is None and (whole := row.text("full_name")) is not None:
        first, _, last = whole.partition(" ")
    block = said(
        {
            "email": email,
            "phone": _phone(row, country),
            "customer_id": row.text("customer_id"),
            "first_name": first,
            "last_name": last,
            "locale": row.text("locale"),
            "timezone": row.text("timezone"),
            "agent": agent,
            "address": _address(row, country),
        }
    )
    return block if block.keys() & {"email", "phone", "customer_id"} else {}


def _country(row: Row) -> str | None:
    text = row.text("country")
    if text is None:
        return None
    code = normalise_country(text) or _countries().get(text.strip().casefold())
    if code is None:
        row.leave_out("country", "not_a_country", f"{text[:40]!r}: write two letters, like IT")
    return code


@cache
def _countries() -> Mapping[str, str]:
    """Codes by what countries are called in the languages of those who bring files."""
    return {
        name.casefold(): code
        for language in ("en", "it", "de", "ro", "ru", "fr", "es", "pl")
        for code, name in Locale(language).territories.items()
        if len(code) == _CODE_LETTERS
    }


def _phone(row: Row, country: str | None) -> str | None:
    text = row.text("phone")
    if text is None:
        return None
    number = e164(text, country or row.manner.country or None)
    if number is None and text[:1].isdecimal() and text[:1] != "0":
        number = e164(f"+{text}", None)
    if number is None:
        advice = "a spreadsheet has cut it short" if "e+" in text.lower() else "write it like +39…"
        row.leave_out("phone", "not_a_phone", f"{text[:40]!r} is no phone number: {advice}")
    return number


def _address(row: Row, country: str | None) -> dict[str, Any]:
    lines = [line for name in ("street", "street2") if (line := row.text(name))]
    rest = {name: row.text(name) for name in ("postal_code", "city", "region")}
    return said({"lines": lines, **rest, "country": country})
