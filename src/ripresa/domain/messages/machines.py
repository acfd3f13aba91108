"""Whether a person or a machine opened or clicked: pure, from what was seen. Machines earn nothing.

The user agents of crawlers are those of the list `crawler-user-agents`; the rest is in machines.toml. A
verdict rests on all that was seen of a message, so it is the same in whatever order that was told.
"""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from crawleruseragents import is_crawler

from ripresa.contracts.feedback import FeedbackKind

PERSON, MACHINE = "person", "machine"
# Nobody reads so fast, and nobody follows so many links at once.
TOO_SOON = timedelta(seconds=5)
BURST = timedelta(seconds=2)
BURST_LINKS = 3
SWEEP = timedelta(seconds=10)


class Seen(NamedTuple):
    """An open or a click, raw. `is_probe`: it asked for the head alone, or said that it fetched ahead."""

    kind: FeedbackKind
    at: datetime
    url: str = ""
    user_agent: str = ""
    ip: str = ""
    is_probe: bool = False


class Verdict(NamedTuple):
    """Who it was, and by which rule; no rule speaks for a person but that none speaks against."""

    who: str
    rule: str = ""


@lru_cache(maxsize=4096)
def verdict_on_agent(user_agent: str) -> Verdict:
    """What a user agent alone tells."""
    said = user_agent.strip().lower()
    if not said:
        return Verdict(MACHINE, "no_agent")
    if said in _lists().privacy_proxies:
        return Verdict(MACHINE, "privacy_proxy")
    if any(part in said for part in _lists().scanners):
        return Verdict(MACHINE, "scanner")
    if is_crawler(user_agent):
        return Verdict(MACHINE, "crawler")
    return Verdict(PERSON)


def verdicts_on(
    seen: Sequence[Seen], *, handed_over_at: datetime | None, links: int
) -> list[Verdict]:
    """Who was behind each of what was seen of one message; `links`: how many stood in it, 0 if unknown."""
    clicks = [one for one in seen if one.kind is FeedbackKind.CLICKED]
    return [_verdict(one, clicks, handed_over_at, links) for one in seen]


def _verdict(
    one: Seen, clicks: Sequence[Seen], handed_over_at: datetime | None, links: int
) -> Verdict:
    by_agent = verdict_on_agent(one.user_agent)
    if by_agent.who == MACHINE:
        return by_agent
    is_click = one.kind is FeedbackKind.CLICKED
    rules = {
        "probe": one.is_probe,
        "network": _is_scanner_network(one.ip),
        "too_soon": handed_over_at is not None and one.at - handed_over_at < TOO_SOON,
        "burst": is_click and _distinct(one, clicks, BURST) >= BURST_LINKS,
        "sweep": is_click and links > 1 and _distinct(one, clicks, SWEEP) >= links,
    }
    against = next((rule for rule, holds in rules.items() if holds), None)
    return Verdict(PERSON) if against is None else Verdict(MACHINE, against)


def _distinct(one: Seen, clicks: Sequence[Seen], window: timedelta) -> int:
    """The most different links followed within a window that `one` lies in."""
    near = [each for each in clicks if abs(each.at - one.at) <= window]
    return max(
        (
            len({each.url for each in near if begun.at <= each.at <= begun.at + window})
            for begun in near
            if begun.at <= one.at <= begun.at + window
        ),
        default=0,
    )


@lru_cache(maxsize=4096)
def _is_scanner_network(ip: str) -> bool:
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(address in network for network in _lists().networks)


class _Lists(NamedTuple):
    scanners: tuple[str, ...]
    privacy_proxies: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    text = (files("ripresa.domain.messages") / "machines.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    return _Lists(
        tuple(found["scanners"]),
        frozenset(found["privacy_proxies"]),
        tuple(ip_network(one) for one in found["networks"]),
    )
