"""What an agent does with a deal: move, take over, snooze, note, call, win, lose. One transaction each.

Errors are those of `ripresa.domain.deals.operations`, which say what they leave unchanged.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID

from django.db import transaction

from ripresa.core import query
from ripresa.domain.attribution import stale
from ripresa.domain.deals import operations
from ripresa.domain.deals.models import Deal
from ripresa.usecases.name_causes import name_causes

P = ParamSpec("P")


def _counted(work: Callable[P, None]) -> Callable[P, None]:
    """`work` in a transaction of its own, after which the figures of the deal's person are looked at."""

    @wraps(work)
    @transaction.atomic
    def do(*args: P.args, **said: P.kwargs) -> None:
        work(*args, **said)
        told: Mapping[str, Any] = said
        people = Deal.objects.filter(shop_id=told["shop_id"], id=told["deal_id"])
        stale.mark(
            shop_id=told["shop_id"],
            now=told["now"],
            contact_ids=list(people.values_list("contact_id", flat=True)),
        )

    return do


move = _counted(operations.move)
win = _counted(operations.win)
lose = _counted(operations.lose)
take_over = _counted(operations.take_over)
snooze = transaction.atomic(operations.snooze)
note = transaction.atomic(operations.note)
log_reply = transaction.atomic(operations.log_reply)


@_counted
def log_call(
    *, shop_id: int, deal_id: UUID, at: datetime, text: str, who: str, now: datetime
) -> None:
    """Write a call down; where she has bought since, the agent is what brought her back (AGT-4)."""
    operations.log_call(shop_id=shop_id, deal_id=deal_id, at=at, text=text, who=who, now=now)
    bought = query.run(
        "ripresa.domain.deals", "bought_after", shop_id=shop_id, deal_id=deal_id, at=at
    )
    name_causes(shop_id=shop_id, cart_ids=[cart_id for (cart_id,) in bought])
