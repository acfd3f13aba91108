"""Put what happened into words: the body of a call, made once for each event."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from ripresa.contracts.happenings.payloads import DATA, CartData, Envelope
from ripresa.contracts.happenings.types import HappeningType
from ripresa.core import query
from ripresa.domain.webhooks.models import WebhookEvent

_run = partial(query.run, "ripresa.usecases.webhooks")
Parts = dict[str, dict[UUID, dict[str, Any]]]


def compose(*, shop_id: int, shop: str, events: Sequence[WebhookEvent]) -> dict[UUID, str]:
    """The body of each event by its id; `shop` is the shop's slug. All look-ups are of one kind each."""
    parts = _look_up(shop_id, events)
    return {one.id: _body(one, shop, parts) for one in events}


def _body(event: WebhookEvent, shop: str, parts: Parts) -> str:
    happened = HappeningType(event.type)
    data: dict[str, Any] = dict(event.facts)
    named = {name: UUID(text) for name, text in event.about.items()}
    named |= {"cart": event.cart_id} if event.cart_id is not None else {}
    named |= {"contact": event.contact_id} if event.contact_id is not None else {}
    for name, ident in named.items():
        # What is gone by now, as after an erasure, is told as an id alone.
        data[name] = parts[name].get(ident, {"id": ident})
    shape = DATA[happened]
    if shape is CartData:
        data["cause"] = data.get("cart", {}).get("cause")
    known = {one.name for one in msgspec.structs.fields(shape)}
    for one in msgspec.structs.fields(shape):
        if one.required:
            data.setdefault(one.name, None)
    told = msgspec.convert({key: data[key] for key in data.keys() & known}, shape, strict=False)
    envelope = Envelope(event.id, event.type, event.happened_at, shop, told)
    return msgspec.json.encode(envelope).decode()


def _look_up(shop_id: int, events: Iterable[WebhookEvent]) -> Parts:
    wanted: defaultdict[str, set[UUID]] = defaultdict(set)
    for event in events:
        for name, text in event.about.items():
            wanted[name].add(UUID(text))
        if event.cart_id is not None:
            wanted["cart"].add(event.cart_id)
        if event.contact_id is not None:
            wanted["contact"].add(event.contact_id)
    return {name: _find(shop_id, name, ids) for name, ids in wanted.items()}


def _find(shop_id: int, name: str, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Each as its payload has it: a statement a kind, which answers (id, JSON)."""
    rows = _run(_STATEMENTS[name], shop_id=shop_id, ids=sorted(ids))
    return {ident: json.loads(text) for ident, text in rows}


_STATEMENTS: Mapping[str, str] = {
    "cart": "name_carts",
    "contact": "name_contacts",
    "order": "name_orders",
    "message": "name_messages",
    "recovery": "name_recoveries",
    "deal": "name_deals",
    "scenario": "name_scenarios",
    "campaign": "name_campaigns",
    "connection": "name_connections",
}
