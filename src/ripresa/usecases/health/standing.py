"""How every shop of the install stands, for whoever watches machines: two statements, whatever there is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from ripresa.core import query
from ripresa.domain.shops.queries import install_stopped_at

OF_LATE = timedelta(hours=1)
WORKS = ("events", "carts", "recoveries", "messages")
_run = partial(query.run, "ripresa.usecases.health")


class Backlog(NamedTuple):
    """Work that is due: how much, and since when the oldest of it; None: there is none."""

    due: int
    oldest: datetime | None


class Standing(NamedTuple):
    """A shop now. `carts` and `orders` are those OF_LATE; `paused` counts by what was paused."""

    shop: str
    is_stopped: bool
    is_quiet: bool
    paused: dict[str, int]
    carts: int
    orders: int
    backlogs: dict[str, Backlog]


class Left(NamedTuple):
    """How many messages of a shop left OF_LATE by a channel; `state` is sent or unknown."""

    shop: str
    channel: str
    state: str
    messages: int


class Install(NamedTuple):
    """The whole install: `is_stopped` stops every shop."""

    is_stopped: bool
    shops: list[Standing]
    left: list[Left]


def look_at_install(now: datetime) -> Install:
    """How everything stands at `now`."""
    since = now - OF_LATE
    shops = [_standing(row) for row in _run("standing", now=now, since=since)]
    left = [Left(*row) for row in _run("left_of_late", since=since)]
    return Install(install_stopped_at() is not None, shops, left)


def _standing(row: Sequence[Any]) -> Standing:
    shop, is_stopped, is_quiet, senders, accounts, scenarios, carts, orders, *backlogs = row
    paused = {"sender": senders, "account": accounts, "scenario": scenarios}
    pairs = zip(backlogs[::2], backlogs[1::2], strict=True)
    waiting = {work: Backlog(*pair) for work, pair in zip(WORKS, pairs, strict=True)}
    return Standing(shop, is_stopped, is_quiet, paused, carts, orders, waiting)
