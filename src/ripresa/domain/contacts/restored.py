"""Carts that went on under other tokens: one token is seen on another, as a person's key is. Pure."""

from collections import defaultdict
from collections.abc import Mapping

from ripresa.domain.contacts.rules import Sighting

Pair = tuple[str, str]  # the token of a cart, and one under which it was restored


def is_restored(visit: str, key: str) -> bool:
    """Whether a sighting says that a cart was restored, and not who was seen on it."""
    return key.startswith("token:") and visit.startswith("token:")


def through(links: Mapping[Pair, Sighting]) -> dict[Pair, Sighting]:
    """The links, and those that follow: restored as B, and that restored as C, it goes on under C as well."""
    found = dict(links)
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for visit, key in found:
        after[visit].add(key)
        before[key].add(visit)
    waiting = list(found)
    while waiting:
        visit, key = waiting.pop()
        steps = [((visit, key), (key, further)) for further in after[key]]
        steps += [((earlier, visit), (visit, key)) for earlier in before[visit]]
        for first, second in steps:
            pair = (first[0], second[1])
            if pair[0] == pair[1]:
                continue
            seen = found[second].joined(found[first])  # its key is the last
            known = found.get(pair)
            seen = seen if known is None else known.joined(seen)
            if seen != known:
                found[pair] = seen
                after[pair[0]].add(pair[1])
                before[pair[1]].add(pair[0])
                waiting.append(pair)
    return found
