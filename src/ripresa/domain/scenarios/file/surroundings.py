"""What a scenario file is checked against: what the shop has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

MAX_STEPS = 4
# Name -> channel -> the languages in which it has a text there.
Templates = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is. None: the shop is not known, so any name may be right.

    `language` and `currency` are the shop's, for a file that names none; `has_sender` says whether
    the shop has an address that can stand in for a missing `sender`; `stages` are keys of its
    pipeline; `senders` are addresses and names of stored senders, lower-case; `max_steps` bounds the
    steps to the customer in a branch; `ended` are the names of scenarios that are over for good.
    """

    templates: Templates
    language: str = "en"
    currency: str = "EUR"
    abandoned_after: timedelta = field(default=timedelta(0))
    has_sender: bool = True
    max_steps: int = MAX_STEPS
    pools: frozenset[str] | None = None
    segments: frozenset[str] | None = None
    stages: frozenset[str] | None = None
    senders: frozenset[str] | None = None
    ended: frozenset[str] = frozenset()
