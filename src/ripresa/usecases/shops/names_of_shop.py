"""Every name that a file of a scenario or a campaign may say, of one shop, by one statement."""

from dataclasses import dataclass

from ripresa.core import query
from ripresa.domain.messages.senders import words_for


@dataclass(frozen=True, slots=True)
class Named:
    """Names by what they are of. `stages`: keys, none before a pipeline is laid.

    `senders`: words in lower case. `ended`: scenarios that are over; `begun`: campaigns, but for drafts.
    """

    pools: frozenset[str]
    segments: frozenset[str]
    stages: frozenset[str]
    senders: frozenset[str]
    ended: frozenset[str]
    begun: frozenset[str]


def names_of_shop(shop_id: int) -> Named:
    """The names of a shop, as they are now."""
    rows = query.run("ripresa.usecases.shops", "names_of_shop", shop_id=shop_id)

    def of(kind: str) -> frozenset[str]:
        return frozenset(name for one, name, _ in rows if one == kind)

    senders = [(name, address) for kind, name, address in rows if kind == "sender"]
    return Named(
        pools=of("pool"),
        segments=of("segment"),
        stages=of("stage"),
        senders=words_for(senders),
        ended=of("ended"),
        begun=of("begun"),
    )
