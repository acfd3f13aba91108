"""Prices, stock and removed items, read again just before a message is written (MSG-8)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from ripresa.contracts.catalogue import CannotTell, Catalogue, CatalogueItem, Gone, ItemState, Shelf
from ripresa.domain.carts.rules import Line
from ripresa.usecases.sending.merge_fields import MessageFacts, lines_of

PATIENCE = timedelta(seconds=10)


@dataclass(slots=True)
class Stock:
    """What is to be written. `sold_out`: messages of whose cart nothing is left.

    `told` goes into the trail: by message, what was found, or why nobody looked.
    """

    facts: dict[UUID, MessageFacts]
    sold_out: set[UUID] = field(default_factory=set)
    told: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)


def look_at_shelves(
    *,
    shop_id: int,
    facts: Mapping[UUID, MessageFacts],
    catalogue: Catalogue,
    spared: Collection[UUID] = (),
) -> Stock:
    """Ask once for all messages of a source; what was said before is said again, and not asked.

    Nobody looks for those of `spared`: they offer nothing.
    """
    stock = Stock(dict(facts))
    shelves: dict[Shelf, list[MessageFacts]] = defaultdict(list)
    for one in facts.values():
        if one.subject is None and one.message_id not in spared:
            shelves[Shelf(shop_id, one.source, one.currency.strip())].append(one)
    for shelf, some in shelves.items():
        lines = {one.message_id: lines_of(one) for one in some}
        items = sorted({item for each in lines.values() for item in map(_item, each)}, key=_key)
        found = catalogue.read(items, shelf, timeout=PATIENCE)
        if isinstance(found, CannotTell):
            stock.told |= {message_id: {"catalogue": found.why} for message_id in lines}
            continue
        if len(found) != len(items):
            why = f"the shop answered about {len(found)} of {len(items)} items"
            stock.told |= {message_id: {"catalogue": why} for message_id in lines}
            continue
        states = dict(zip(items, found, strict=True))
        for one in some:
            _weigh(stock, one, lines[one.message_id], states)
    return stock


def _weigh(
    stock: Stock,
    one: MessageFacts,
    lines: Sequence[Line],
    states: Mapping[CatalogueItem, ItemState],
) -> None:
    kept = [kept for line in lines if (kept := _as_it_is(line, states[_item(line)])) is not None]
    if kept == list(lines):
        stock.told[one.message_id] = {"catalogue": "unchanged"}
        return
    if [_offer(line) for line in kept] == [_offer(line) for line in lines]:
        # Pictures and addresses that the cart did not have are no news to anybody.
        stock.told[one.message_id] = {"catalogue": "unchanged"}
    else:
        gone = [line.title or line.product for line in lines if _is_gone(line, states)]
        stock.told[one.message_id] = {"catalogue": "changed", "sold_out": gone}
    if not kept:
        stock.sold_out.add(one.message_id)
        return
    # The shop's own total may hold a discount or taxes: it moves by what the lines moved.
    moved = _worth(kept) - _worth(lines)
    stock.facts[one.message_id] = one._replace(
        items=msgspec.json.encode(kept).decode(), total_minor=max(0, one.total_minor + moved)
    )


def _offer(line: Line) -> tuple[str, str, int, int]:
    return (line.product, line.variant, line.quantity, line.unit_minor)


def _worth(lines: Sequence[Line]) -> int:
    return sum(line.quantity * line.unit_minor for line in lines)


def _as_it_is(line: Line, state: ItemState) -> Line | None:
    if isinstance(state, Gone) or state.left == 0:
        return None
    quantity = line.quantity if state.left is None else min(line.quantity, state.left)
    unit = line.unit_minor if state.unit_minor is None else state.unit_minor
    return replace(
        line,
        quantity=quantity,
        unit_minor=unit,
        url=line.url or state.url,
        image_url=line.image_url or state.image_url,
    )


def _is_gone(line: Line, states: Mapping[CatalogueItem, ItemState]) -> bool:
    return _as_it_is(line, states[_item(line)]) is None


def _item(line: Line) -> CatalogueItem:
    return CatalogueItem(line.product, line.variant, line.sku, line.variant_id)


def _key(item: CatalogueItem) -> tuple[str, str, str, str]:
    return (item.product, item.variant, item.sku, item.variant_id)
