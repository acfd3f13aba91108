"""Tell the outside what became of recoveries, in the transaction that writes it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.domain.webhooks.telling import tell

_TYPES = (
    HappeningType.RECOVERY_OPENED,
    HappeningType.RECOVERY_TAKEN_UP,
    HappeningType.RECOVERY_ENDED,
)


def tell_recoveries(*, shop_id: int, ids: Sequence[UUID], now: datetime) -> None:
    """These recoveries were opened, taken up or ended: their rows say which."""
    if ids:
        tell(
            shop_id=shop_id,
            types=_TYPES,
            happened=lambda: _recoveries(shop_id, ids, now),
            now=now,
        )


def _recoveries(shop_id: int, ids: Sequence[UUID], now: datetime) -> Iterable[Happening]:
    rows = query.run(
        "ripresa.domain.webhooks.tellers", "told_recoveries", shop_id=shop_id, ids=list(ids)
    )
    for recovery, cart, contact, state, reason in rows:
        yield Happening(
            {
                "waiting": HappeningType.RECOVERY_OPENED,
                "active": HappeningType.RECOVERY_TAKEN_UP,
            }.get(state, HappeningType.RECOVERY_ENDED),
            cart,
            now,
            {"state": state, "reason": reason},
            {"recovery": recovery},
            cart,
            contact,
        )
