"""What became of a batch's claims about people: handed from step to step of one fold."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class People:
    """What became of a batch's claims. `stirred`: people whose carts must be folded again."""

    contact_of: dict[str, UUID] = field(default_factory=dict)
    created: set[UUID] = field(default_factory=set)
    stirred: set[UUID] = field(default_factory=set)
    visits: set[str] = field(default_factory=set)
    seen_tokens: set[str] = field(default_factory=set)
    moved_keys: dict[str, UUID] = field(default_factory=dict)
    emptied: set[UUID] = field(default_factory=set)
    # Keys by channel under which a page took down a yes.
    unconfirmed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refusals: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
