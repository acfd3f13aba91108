"""Who got which code of a pool, by which message, and whether she bought with it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query

run = partial(query.run, "ripresa.usecases.coupons")

PAGE = 2000


class Given(NamedTuple):
    """A code in somebody's hand. `origin`: the scenario or campaign by name, empty for a send by hand.

    reserved until `sent_at`; used once `used_at` is there. A code whose message surely never left is
    given back to the pool, and stands here no more.
    """

    id: UUID
    reserved_at: datetime
    code: str
    contact_id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    customer_id: str | None
    origin_kind: str
    origin: str
    step: str
    sent_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    order_number: str | None

    @property
    def state(self) -> str:
        """reserved, sent or used."""
        if self.used_at is not None:
            return "used"
        return "sent" if self.sent_at is not None else "reserved"


def list_given(
    *, shop_id: int, pool_id: UUID, older_than: tuple[datetime, UUID] | None, limit: int
) -> list[Given]:
    """The latest codes that were given out of a pool."""
    at, row_id = older_than or (None, None)
    rows = run(
        "list_given", shop_id=shop_id, pool_id=pool_id, older_at=at, older_id=row_id, limit=limit
    )
    return [Given(*row) for row in rows]


def all_given(*, shop_id: int, pool_id: UUID) -> Iterator[Given]:
    """All of them, a page at a time in the memory."""
    older_than = None
    while page := list_given(shop_id=shop_id, pool_id=pool_id, older_than=older_than, limit=PAGE):
        yield from page
        older_than = (page[-1].reserved_at, page[-1].id)
