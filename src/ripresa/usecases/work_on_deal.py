"""What an agent does with a deal: move, take over, snooze, note, call, win, lose. One transaction each.

Errors are those of `ripresa.domain.deals.operations`, which say what they leave unchanged.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.core import query
from ripresa.domain.deals import operations
from ripresa.usecases.name_causes import name_causes

move = transaction.atomic(operations.move)
win = transaction.atomic(operations.win)
lose = transaction.atomic(operations.lose)
take_over = transaction.atomic(operations.take_over)
snooze = transaction.atomic(operations.snooze)
note = transaction.atomic(operations.note)
log_reply = transaction.atomic(operations.log_reply)


@transaction.atomic
def log_call(
    *, shop_id: int, deal_id: UUID, at: datetime, text: str, who: str, now: datetime
) -> None:
    """Write a call down; where she has bought since, the agent is what brought her back (AGT-4)."""
    operations.log_call(shop_id=shop_id, deal_id=deal_id, at=at, text=text, who=who, now=now)
    bought = query.run(
        "ripresa.domain.deals", "bought_after", shop_id=shop_id, deal_id=deal_id, at=at
    )
    name_causes(shop_id=shop_id, cart_ids=[cart_id for (cart_id,) in bought])
