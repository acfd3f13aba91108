"""What a channel for letters can do beside sending. Each is asked for where it is needed."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from ripresa.contracts.channel import OutgoingLetter
from ripresa.contracts.feedback import Feedback
from ripresa.contracts.letters.windows import Window

_COUNTRY = re.compile(r"[A-Z]{2}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@runtime_checkable
class HasWindow(Protocol):
    """A provider that prints, or folds, for one kind of envelope."""

    window: Window


@runtime_checkable
class TellsWhenAsked(Protocol):
    """A provider that does not call, but can be asked what became of letters."""

    def hear(self) -> list[Feedback]:
        """What is new since `heard`. The same may be told more than once."""
        ...

    def heard(self) -> None:
        """All that `hear` told is taken down."""
        ...


class Recall(StrEnum):
    """What came of asking a provider to let a letter be."""

    CANCELLED = "cancelled"  # it surely does not leave
    TOO_LATE = "too_late"  # it is printed, or on its way
    UNCLEAR = "unclear"  # the provider gave no answer: ask again


@runtime_checkable
class CanRecall(Protocol):
    """A provider that can take back what it has not printed yet."""

    def recall(self, receipt: str, *, timeout: timedelta) -> Recall:
        """Ask for the letter of that receipt not to leave."""
        ...


def trouble_of_letter(letter: OutgoingLetter) -> str:
    """Why no provider could print a letter; empty: one could."""
    to = letter.recipient
    if not (to.name and to.lines and to.city and _COUNTRY.fullmatch(to.country)):
        return f"{to.text!r} is no whole address"
    if _CONTROL.search(to.text):
        return "the address holds control characters"
    if not letter.pdf or letter.pages < 1 or not letter.address_lines:
        return "the letter is not set"
    return "" if letter.idempotency_key else "it has no key to be told by"
