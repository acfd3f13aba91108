"""The proof: whom a shop wrote to, and nobody after buying, twice, or unwanted (RPT-7).

It is found anew from raw rows by a statement of its own, which shares nothing with the code that sends.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.sql import statement
from ripresa.domain.attribution.days import spans_of
from ripresa.domain.attribution.rolling import zone_of
from ripresa.usecases.reporting.figures import Only

run = partial(query.run, "ripresa.domain.attribution")
each = partial(query.each, "ripresa.domain.attribution")
_MOST_TOLD = 100
CHECKS = ("after_buying", "twice", "against_consent")


class Proven(NamedTuple):
    """A message that left, and what was found against it. `is_erased`: her words about consent are gone."""

    message_id: UUID
    contact_id: UUID
    channel: str
    handed_over_at: datetime
    after_buying: bool
    twice: bool
    against_consent: bool
    is_erased: bool

    def is_known(self, check: str) -> bool:
        """Whether what one of CHECKS asks for is still there."""
        return not (self.is_erased and check == "against_consent")


@dataclass(frozen=True, slots=True)
class Proof:
    """All messages to people that were asked for."""

    only: Only
    messages: Sequence[Proven]

    def found(self, check: str) -> list[UUID]:
        """The messages that one of CHECKS speaks against."""
        return [one.message_id for one in self.messages if getattr(one, check)]

    def tell(self) -> dict[str, Any]:
        """The proof, ready for JSON."""
        return {
            "begin": self.only.begin.isoformat(),
            "until": self.only.end.isoformat(),
            "people_written_to": len({one.contact_id for one in self.messages}),
            "messages": len(self.messages),
            "by_channel": dict(sorted(Counter(one.channel for one in self.messages).items())),
            "checks": {
                check: {
                    "looked_at": sum(one.is_known(check) for one in self.messages),
                    "found": len(found := self.found(check)),
                    "messages": [str(one) for one in found[:_MOST_TOLD]],
                }
                for check in CHECKS
            },
            "is_clean": not any(self.found(check) for check in CHECKS),
            "statement_sha256": sha256(
                statement("ripresa.domain.attribution", "proof").encode()
            ).hexdigest(),
        }

    def lines(self) -> Iterator[list[str]]:
        """A line for each message, the header first."""
        return _lines(self.messages)


def prove(shop_id: int, only: Only) -> Proof:
    """Look at every message of some days of the shop's zone, or at those of them that `only` chooses.

    The day on which it was handed over counts, and what was said twice is told whatever else is chosen.
    """
    return Proof(only, [Proven(*row) for row in run("proof", **_asked(shop_id, only))])


def lines_of_proof(shop_id: int, only: Only) -> Iterator[list[str]]:
    """The lines of the same proof, some messages in memory at a time."""
    return _lines(Proven(*row) for row in each("proof", **_asked(shop_id, only)))


def _asked(shop_id: int, only: Only) -> dict[str, Any]:
    spans = spans_of([only.begin, only.end], zone_of(shop_id))
    return {
        "shop_id": shop_id,
        "begin": spans.begins[0],
        "end": spans.ends[-1],
        "origin": only.origin,
        "step": only.step,
        "template": only.message,
        "channel": only.channel,
        "language": only.language,
    }


def _lines(messages: Iterable[Proven]) -> Iterator[list[str]]:
    yield ["message", "person", "channel", "handed_over_at", *CHECKS]
    for one in messages:
        verdicts = ["yes" if getattr(one, check) else "no" for check in CHECKS]
        at = one.handed_over_at.isoformat()
        yield [str(one.message_id), str(one.contact_id), one.channel, at, *verdicts]


def month_of(day: date) -> Only:
    """All of the month of a day."""
    begin = day.replace(day=1)
    after = (begin + timedelta(days=31)).replace(day=1)
    return Only(begin, after - timedelta(days=1))
