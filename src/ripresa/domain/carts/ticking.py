"""What time alone does to carts: open ones are abandoned, abandoned ones expire.

Runs under the locks of the people concerned, which the fold takes as well.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.inbox.operations import FROM_FILE
from ripresa.domain.webhooks.tellers.carts import tell_carts

run = partial(query.run, "ripresa.domain.carts")


class DueCart(NamedTuple):
    """A cart whose instant has come. An open one is abandoned at `due_at`, another one expires."""

    id: UUID
    state: str
    kind: str
    left_at: datetime
    due_at: datetime
    reachable_at: datetime | None
    contact_id: UUID | None
    newest_event: str
    is_from_history: bool

    @property
    def is_old_news(self) -> bool:
        """Whether a file or a back-fill told how it ended: nobody is written to about it."""
        return self.is_from_history or self.newest_event.startswith(FROM_FILE)


def take_due_carts(*, shop_id: int, now: datetime, limit: int) -> list[DueCart]:
    """Lock up to `limit` due carts and their people; returns the carts, longest due first."""
    people = run("lock_people_of_due_carts", shop_id=shop_id, now=now, limit=limit)
    ids = sorted({contact_id for (contact_id,) in people})
    # Read after the lock: what the fold committed while we waited for nobody is seen.
    return [
        DueCart(*row)
        for row in run("due_carts", shop_id=shop_id, now=now, contact_ids=ids, limit=limit)
    ]


def abandon(
    *, shop_id: int, cart_ids: Sequence[UUID], expires_after: timedelta, now: datetime
) -> None:
    """Record that open carts were left behind."""
    if cart_ids:
        run(
            "abandon_carts",
            shop_id=shop_id,
            ids=list(cart_ids),
            abandonment_ids=[new_id(now) for _ in cart_ids],
            expires_after=expires_after,
        )
        tell_carts(shop_id=shop_id, ids=cart_ids, now=now)


def expire(*, shop_id: int, cart_ids: Sequence[UUID], now: datetime) -> None:
    """Let abandoned carts grow too old."""
    if cart_ids:
        run("expire_carts", shop_id=shop_id, ids=list(cart_ids))
        tell_carts(shop_id=shop_id, ids=cart_ids, now=now)
