"""One person, many keys: who is who, what is known of them, and what they allowed. All pure.

Everything here is a function of sets of claims, never of the order in which they arrived.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

# `erased:` stands for somebody who was erased: her carts stay one person's, who is nobody.
STRONG = ("email:", "customer:", "erased:")

# A fact is worth what its source is worth, then the latest wins, ties by event id.
Fact = tuple[bool, datetime, str, object]  # (trusted, occurred_at, event id, value)
Facts = dict[str, Fact]


def is_strong(key: str) -> bool:
    """Whether a key may merge people: e-mail and customer id may, phone and visitor never (CUS-1)."""
    return key.startswith(STRONG)


def merge_facts(facts: Iterable[Facts]) -> Facts:
    """The facts of several keys, or of several events of one key, in one."""
    merged: Facts = {}
    for some in facts:
        for name, fact in some.items():
            known = merged.get(name)
            if known is None or fact[:3] > known[:3]:
                merged[name] = fact
    return merged


class _Groups:
    """Union-find over keys."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._parent = {key: key for key in keys}

    def find(self, key: str) -> str:
        while (parent := self._parent[key]) != key:
            self._parent[key] = parent = self._parent[parent]
            key = parent
        return key

    def join(self, left: str, right: str) -> None:
        if left in self._parent and right in self._parent:
            a, b = sorted((self.find(left), self.find(right)))
            self._parent[b] = a

    def groups(self) -> list[frozenset[str]]:
        groups: dict[str, set[str]] = defaultdict(set)
        for key in self._parent:
            groups[self.find(key)].add(key)
        return sorted((frozenset(group) for group in groups.values()), key=min)


def who_is_who(
    keys: Iterable[str],
    links: Iterable[tuple[str, str]],
    carts: Mapping[str, frozenset[str]],
    splits: Sequence[frozenset[str]],
) -> list[frozenset[str]]:
    """Group strong `keys` into people.

    `links` are keys that one trusted event named together. `carts` are the strong keys that trusted events
    named on one cart: exactly one e-mail and one customer id on a cart are a guest who registered while
    shopping. `splits` are merges taken back by hand: nothing joins a key inside with one outside.
    """
    groups = _Groups(keys)
    joins = list(links)
    for seen in carts.values():
        emails = [key for key in seen if key.startswith("email:")]
        customers = [key for key in seen if key.startswith("customer:")]
        if len(emails) == len(customers) == 1:
            joins.append((emails[0], customers[0]))
    for left, right in joins:
        if all((left in split) == (right in split) for split in splits):
            groups.join(left, right)
    return groups.groups()


@dataclass(frozen=True, slots=True)
class ConsentWord:
    """One thing said about consent for a channel; `proven`: the person's own, direct word."""

    state: str  # granted | denied | pending: a page's yes that she has not confirmed
    proven: bool
    at: datetime
    event_id: str


def consent_of(words: Iterable[ConsentWord], *, unconfirmed: str = "granted") -> str:
    """granted, denied, unknown or pending. A refusal yields only to a newer, proven grant (CNS-2).

    `unconfirmed`: what a page's yes is worth where there is nothing better: granted, or pending.
    """
    words = list(words)
    granted = [word for word in words if word.state == "granted"]
    denied = [word for word in words if word.state == "denied"]
    if not denied:
        return "granted" if granted else unconfirmed if words else "unknown"
    refusal = max((word.at, word.event_id) for word in denied)
    lifted = any(word.proven and (word.at, word.event_id) > refusal for word in granted)
    return "granted" if lifted else "denied"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A person's key seen on a cart or browser, first and last."""

    key: str
    trusted: bool
    earliest_at: datetime
    latest_at: datetime

    def joined(self, other: "Sighting") -> "Sighting":
        """The same key seen at all of these times."""
        return Sighting(
            self.key,
            self.trusted or other.trusted,
            min(self.earliest_at, other.earliest_at),
            max(self.latest_at, other.latest_at),
        )


def holder_by_token(sightings: Iterable[Sighting]) -> Sighting | None:
    """Who a cart belongs to by its own events: the latest seen of the strongest kind."""
    return max(
        sightings,
        key=lambda seen: (is_strong(seen.key), seen.trusted, seen.latest_at, seen.key),
        default=None,
    )


def holder_by_visitor(sightings: Iterable[Sighting], begun_at: datetime) -> Sighting | None:
    """Who an anonymous cart belongs to: the first to be known on its browser from then on, else before."""
    strong = [seen for seen in sightings if is_strong(seen.key)]
    later = [seen for seen in strong if seen.latest_at >= begun_at]
    if later:
        return min(later, key=lambda seen: (max(seen.earliest_at, begun_at), seen.key))
    return max(strong, key=lambda seen: (seen.latest_at, seen.key), default=None)
