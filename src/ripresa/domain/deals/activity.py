"""The log of deals: what was done, by whom, when."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id

run = partial(query.run, "ripresa.domain.deals")

# Who acts when no person does.
SCENARIO = "scenario"
ORDER = "order"
CART = "cart"


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
    """Write the entries down."""
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
