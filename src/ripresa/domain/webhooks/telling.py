"""Write down what happens, for those who want to hear it: in the transaction in which it happens.

Where nobody does, this costs a look at the shop's endpoints once a second, and nothing is made.
"""

import json
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from ripresa.contracts.happenings.types import Happening, HappeningType, fits
from ripresa.core import query
from ripresa.core.ids import ids_in_order

_run = partial(query.run_often, "ripresa.domain.webhooks")


# For so long a process remembers who wants to hear what in a shop: a hot path asks many times a second.
MEMORY_SECONDS = 1.0
_MOST_SHOPS = 10_000
_Patterns = list[tuple[UUID, list[str]]]
_memory: dict[int, tuple[float, _Patterns]] = {}


def forget_patterns(shop_id: int) -> None:
    """The endpoints of a shop have changed: other processes notice within MEMORY_SECONDS."""
    _memory.pop(shop_id, None)


class Ears:
    """Who in a shop wants to hear what."""

    def __init__(self, shop_id: int) -> None:
        """Looks, or remembers."""
        self._shop_id = shop_id
        self._patterns = _patterns_of(shop_id)

    def want(self, types: Collection[HappeningType]) -> bool:
        """Whether somebody wants to hear any of these."""
        return any(
            fits(pattern, one)
            for _, patterns in self._patterns
            for pattern in patterns
            for one in types
        )

    def tell(self, happenings: Iterable[Happening], now: datetime) -> None:
        """Write down what is wanted, in this order, due at once."""
        told = [(one, self._who_wants(one.type)) for one in happenings]
        put(self._shop_id, [pair for pair in told if pair[1]], now)

    def _who_wants(self, happened: HappeningType) -> list[UUID]:
        return [
            endpoint_id
            for endpoint_id, patterns in self._patterns
            if any(fits(pattern, happened) for pattern in patterns)
        ]


def _patterns_of(shop_id: int) -> _Patterns:
    now = time.monotonic()
    known = _memory.get(shop_id)
    if known is not None and known[0] > now:
        return known[1]
    found = [(endpoint_id, patterns) for endpoint_id, patterns in _run("patterns", shop_id=shop_id)]
    if len(_memory) >= _MOST_SHOPS:
        _memory.clear()
    _memory[shop_id] = (now + MEMORY_SECONDS, found)
    return found


def tell(
    *,
    shop_id: int,
    types: Collection[HappeningType],
    happened: Callable[[], Iterable[Happening]],
    now: datetime,
) -> None:
    """Tell what `happened` returns, if anybody wants to hear one of `types`; else it is not asked."""
    ears = Ears(shop_id)
    if ears.want(types):
        ears.tell(happened(), now)


def put(shop_id: int, told: Collection[tuple[Happening, list[UUID]]], now: datetime) -> list[UUID]:
    """Write happenings down for the endpoints given with each; returns their ids."""
    if not told:
        return []
    numbers = ids_in_order(now)
    ids = [next(numbers) for _ in told]
    pairs = [
        (event_id, endpoint_id)
        for event_id, (_, endpoints) in zip(ids, told, strict=True)
        for endpoint_id in endpoints
    ]
    happenings = [one for one, _ in told]
    _run(
        "put_events",
        shop_id=shop_id,
        now=now,
        ids=ids,
        types=[one.type.value for one in happenings],
        subjects=[one.subject for one in happenings],
        instants=[one.at for one in happenings],
        contact_ids=[one.contact_id for one in happenings],
        cart_ids=[one.cart_id for one in happenings],
        facts=[_json(one.facts) for one in happenings],
        abouts=[_json(one.about) for one in happenings],
        for_events=[event_id for event_id, _ in pairs],
        for_endpoints=[endpoint_id for _, endpoint_id in pairs],
    )
    return ids


def _json(value: Any) -> str:
    return json.dumps(dict(value), default=_plain) if value else "{}"


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
