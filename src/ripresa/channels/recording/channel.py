"""The channel for kinds that no provider carries yet, and for simulations."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ripresa.contracts.channel import (
    Accepted,
    Fate,
    HasPrices,
    Outgoing,
    OutgoingEmail,
    OutgoingLetter,
    OutgoingNotice,
    OutgoingSms,
    RefusalKind,
    Refused,
)
from ripresa.contracts.notices.notice import trouble_of_notice
from ripresa.contracts.sms.sending import trouble_of_sms
from ripresa.core.money import Money

RECEIPT = "recorded, not sent"

_COUNTRY = re.compile(r"[A-Z]{2}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class RecordingChannel:
    """Accepts whatever a provider could carry; a `Channel` of any kind. Nothing is kept here."""

    name = "recording"
    is_real = False
    in_flight = 500

    def send(self, batch: Sequence[Outgoing], *, timeout: timedelta) -> list[Fate]:
        """Accept all of `batch` that could be sent; see Channel."""
        if timeout <= timedelta(0):
            late = Refused(permanent=False, kind=RefusalKind.OTHER, detail="no time left")
            return [late for _ in batch]
        return [_fate(one) for one in batch]

    def close(self) -> None:
        """Nothing is kept open."""


class PricedRecording(RecordingChannel):
    """The same, at the prices of whoever would carry it; a letter is not set, and counts as one page."""

    has_price_list = True

    def __init__(self, carrier: HasPrices[Any]) -> None:
        """`carrier` has a price list."""
        self._carrier = carrier

    def prices(self, batch: Sequence[Outgoing], *, timeout: timedelta) -> list[Money | None]:
        """What each would cost; see HasPrices."""
        would = [replace(one, pages=1) if isinstance(one, OutgoingLetter) else one for one in batch]
        return self._carrier.prices(would, timeout=timeout)


def _fate(message: Outgoing) -> Fate:
    match message:
        case OutgoingSms():
            trouble = trouble_of_sms(message)
        case OutgoingLetter():
            trouble = _trouble_of_letter(message)
        case OutgoingEmail():
            trouble = "" if message.recipient.address else "there is no address"
        case OutgoingNotice():
            trouble = trouble_of_notice(message)
    if trouble:
        return Refused(permanent=True, kind=RefusalKind.OTHER, detail=trouble)
    return Accepted(RECEIPT)


def _trouble_of_letter(letter: OutgoingLetter) -> str:
    to = letter.recipient
    if not (to.name and to.lines and to.city and _COUNTRY.fullmatch(to.country)):
        return f"{to.text!r} is no whole address"
    if _CONTROL.search(to.text):
        return "the address holds control characters"
    if not letter.text.strip():
        return "the letter is empty"
    return "" if letter.idempotency_key else "it has no key to be told by"
