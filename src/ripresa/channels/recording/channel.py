"""The channel for kinds that no provider carries yet, and for simulations."""

import re
from collections.abc import Sequence
from datetime import timedelta

from ripresa.contracts.channel import (
    Accepted,
    Fate,
    Outgoing,
    OutgoingEmail,
    OutgoingLetter,
    OutgoingSms,
    RefusalKind,
    Refused,
)

RECEIPT = "recorded, not sent"

# ITU-T E.164: at most fifteen digits, the country code first.
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# 3GPP TS 23.040, 9.1.2.5: an alphanumeric origin has room for eleven characters.
_ORIGIN = re.compile(r"[A-Za-z0-9 ._&-]{1,11}")
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


def _fate(message: Outgoing) -> Fate:
    match message:
        case OutgoingSms():
            trouble = _trouble_of_sms(message)
        case OutgoingLetter():
            trouble = _trouble_of_letter(message)
        case OutgoingEmail():
            trouble = "" if message.recipient.address else "there is no address"
    if trouble:
        return Refused(permanent=True, kind=RefusalKind.OTHER, detail=trouble)
    return Accepted(RECEIPT)


def _trouble_of_sms(sms: OutgoingSms) -> str:
    if not _NUMBER.fullmatch(sms.recipient):
        return f"{sms.recipient!r} is no number in E.164"
    if not _ORIGIN.fullmatch(sms.sender) and not _NUMBER.fullmatch(sms.sender):
        return f"{sms.sender!r} can't be shown as the sender"
    if not sms.text.strip() or _CONTROL.search(sms.text):
        return "the text is empty or holds control characters"
    return "" if sms.idempotency_key else "it has no key to be told by"


def _trouble_of_letter(letter: OutgoingLetter) -> str:
    to = letter.recipient
    if not (to.name and to.lines and to.city and _COUNTRY.fullmatch(to.country)):
        return f"{to.text!r} is no whole address"
    if _CONTROL.search(to.text):
        return "the address holds control characters"
    if not any(paragraph.strip() for paragraph in letter.paragraphs):
        return "the letter is empty"
    return "" if letter.idempotency_key else "it has no key to be told by"
