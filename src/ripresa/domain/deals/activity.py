"""The log of deals: what was done, by whom, when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.webhooks.telling import tell

run = partial(query.run, "ripresa.domain.deals")

# Who acts when no person does.
SCENARIO = "scenario"
ORDER = "order"
CART = "cart"
# What of it is told to the outside.
_TOLD = {
    "opened": HappeningType.DEAL_OPENED,
    "moved": HappeningType.DEAL_MOVED,
    "won": HappeningType.DEAL_WON,
    "lost": HappeningType.DEAL_LOST,
}


class Entry(NamedTuple):
    """One line of the log. `at`: when it happened. `who`: an address, or what acted by itself."""

    deal_id: UUID
    kind: str
    who: str
    at: datetime
    from_stage: str | None = None
    to_stage: str | None = None
    until: datetime | None = None
    note: str = ""


def log(*, shop_id: int, entries: Sequence[Entry], now: datetime) -> None:
    """Write the entries down, and tell the outside where a deal stands."""
    if entries:
        run(
            "log_activity",
            shop_id=shop_id,
            ids=[new_id(now) for _ in entries],
            deal_ids=[one.deal_id for one in entries],
            kinds=[one.kind for one in entries],
            whos=[one.who for one in entries],
            instants=[one.at for one in entries],
            from_stages=[one.from_stage for one in entries],
            to_stages=[one.to_stage for one in entries],
            untils=[one.until for one in entries],
            notes=[one.note for one in entries],
        )
        told = [one for one in entries if one.kind in _TOLD]
        tell(
            shop_id=shop_id,
            types=list(_TOLD.values()),
            happened=lambda: _happenings(shop_id, told),
            now=now,
        )


def _happenings(shop_id: int, entries: Sequence[Entry]) -> Iterable[Happening]:
    ids = sorted({one.deal_id for one in entries})
    carts = {row[0]: row[1:] for row in run("whose_deals", shop_id=shop_id, ids=ids)}
    for one in entries:
        cart, contact = carts[one.deal_id]
        yield Happening(
            _TOLD[one.kind],
            cart,
            one.at,
            {
                "by": one.who,
                "from_stage": one.from_stage,
                "to_stage": one.to_stage,
                "note": one.note,
            },
            {"deal": one.deal_id},
            cart,
            contact,
        )
