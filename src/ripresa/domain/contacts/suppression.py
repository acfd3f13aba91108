"""Addresses never to be used again (CNS-3)."""

from collections.abc import Mapping
from datetime import datetime

from ripresa.core import query
from ripresa.core.ids import new_id


def suppress(
    *, shop_id: int, channel: str, cause: str, details: Mapping[str, str], now: datetime
) -> None:
    """Suppress addresses in one channel; `details` maps each to the provider's words.

    One that is suppressed already keeps its first cause.
    """
    if details:
        query.run(
            "ripresa.domain.contacts",
            "suppress",
            shop_id=shop_id,
            channel=channel,
            cause=cause,
            now=now,
            ids=[new_id(now) for _ in details],
            addresses=list(details),
            details=list(details.values()),
        )
