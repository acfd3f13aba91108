"""What a scenario file is checked against: what the shop has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from ripresa.contracts.calling.sayings import Saying, joined, say

MAX_STEPS = 4
Makers = Mapping[str, frozenset[str] | None]
# Name -> channel -> the languages in which it has a text there.
Templates = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class MintSums:
    """Over which sums of money the connected shops make coupons.

    `find_makers` is asked when a file wants to know; it tells for each platform that does the currencies in
    which it can, None: any. None: the shop is not known.
    """

    find_makers: Callable[[], Makers] | None = None

    def refusal(self, currency: str) -> Saying | None:
        """Why there can be no coupon over a sum in `currency`; None: there can."""
        if self.find_makers is None:
            return None
        makers = self.find_makers()
        if not makers:
            return say(
                "no connected shop makes coupons over a sum: connect one, or take pool: NAME"
            )
        if any(known is None or currency in known for known in makers.values()):
            return None
        told = [
            say(
                "{platform} makes coupons in {currencies}",
                platform=platform,
                currencies=", ".join(sorted(known or ())),
            )
            for platform, known in makers.items()
        ]
        return say(
            "no connected shop makes coupons in {currency}: {why}",
            currency=currency,
            why=joined("; ", told),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is. None: the shop is not known, so any name may be right.

    `language` and `currency` are the shop's, for a file that names none; `has_sender` says whether
    the shop has an address that can stand in for a missing `sender`; `stages` are keys of its
    pipeline; `senders` are addresses and names of stored senders, lower-case; `max_steps` bounds the
    steps to the customer in a branch; `ended` are the names of scenarios that are over for good;
    `mint_sums`: over which sums connected shops make coupons.
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
    mint_sums: MintSums = MintSums()
