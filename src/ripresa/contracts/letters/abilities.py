"""What a channel for letters can do beside sending. Each is asked for where it is needed."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from ripresa.contracts.channel import OutgoingLetter
from ripresa.contracts.letters.windows import Window
from ripresa.core.money import Money


@runtime_checkable
class HasWindow(Protocol):
    """A provider that prints, or folds, for one kind of envelope."""

    window: Window


@runtime_checkable
class HasPrices(Protocol):
    """A provider that tells before the hand-over what a letter will cost."""

    def prices(
        self, letters: Sequence[OutgoingLetter], *, timeout: timedelta
    ) -> list[Money | None]:
        """What each letter will cost, postage and all; None: not told just now."""
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
