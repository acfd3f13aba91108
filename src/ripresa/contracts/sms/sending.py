"""What every provider of short messages asks of one before it takes it."""

import re
from datetime import timedelta
from typing import Protocol, runtime_checkable

from ripresa.contracts.channel import OutgoingSms
from ripresa.contracts.sms.numbers import fault_of_number

# ITU-T E.164: at most fifteen digits, the country code first.
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# 3GPP TS 23.040, 9.1.2.5: an alphanumeric origin has room for eleven characters.
_ORIGIN = re.compile(r"[A-Za-z0-9 ._&-]{1,11}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@runtime_checkable
class HasSenders(Protocol):
    """A channel whose provider tells which names and numbers an account may send under."""

    def senders(self, *, timeout: timedelta) -> list[str] | None:
        """Those that may be used; None: not told just now."""
        ...


@runtime_checkable
class CanSuppress(Protocol):
    """A channel whose provider keeps numbers that nothing is sent to, and takes ours."""

    def set_suppressed(self, number: str, *, suppressed: bool, timeout: timedelta) -> bool:
        """Put a number (E.164) on the list, or take it off. False: not just now, ask again."""
        ...


def is_number(text: str) -> bool:
    """Whether `text` is a number in E.164 (+393331234567)."""
    return _NUMBER.fullmatch(text) is not None


def is_origin(text: str) -> bool:
    """Whether `text` can be shown as where a short message comes from."""
    return is_number(text) or _ORIGIN.fullmatch(text) is not None


def trouble_of_sms(sms: OutgoingSms) -> str:
    """Why nobody can send `sms`, in words; empty: it can be sent."""
    if not is_number(sms.recipient):
        return f"{sms.recipient!r} is no number in E.164"
    if fault := fault_of_number(sms.recipient):
        return f"{sms.recipient} is {fault}: no message goes there"
    if not is_origin(sms.sender):
        return f"{sms.sender!r} can't be shown as the sender"
    if not sms.text.strip() or _CONTROL.search(sms.text):
        return "the text is empty or holds control characters"
    return "" if sms.idempotency_key else "it has no key to be told by"
