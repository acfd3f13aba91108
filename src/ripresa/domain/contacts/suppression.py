"""Addresses never to be used again (CNS-3)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.contacts.models import Suppression

SOFT_BOUNCES = "soft_bounces"


def suppress(
    *, shop_id: int, channel: str, cause: str, details: Mapping[str, str], now: datetime
) -> None:
    """Suppress addresses in one channel; `details` maps each to the provider's words.

    One that is suppressed already keeps its cause, unless this one weighs more: see suppress.sql. Of
    people who were erased nothing is kept.
    """
    gone = _erased(shop_id, channel, details)
    details = {address: words for address, words in details.items() if address not in gone}
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


def rest(
    *, shop_id: int, channel: str, address: str, until: datetime | None, detail: str, now: datetime
) -> None:
    """Do not use an address until an instant, or None: for good. Other causes outweigh this one."""
    if _erased(shop_id, channel, [address]):
        return
    query.run(
        "ripresa.domain.contacts",
        "rest",
        shop_id=shop_id,
        id=new_id(now),
        channel=channel,
        address=address,
        until=until,
        detail=detail,
        now=now,
    )


def end_rest(*, shop_id: int, channel: str, address: str) -> None:
    """Use an address again that only rested."""
    Suppression.objects.filter(
        shop_id=shop_id, channel=channel, address=address, cause=SOFT_BOUNCES
    ).delete()


def _erased(shop_id: int, channel: str, addresses: Iterable[str]) -> set[str]:
    """Those of `addresses` whose person was erased."""
    kind = {"email": "email", "sms": "phone"}.get(channel)
    keys = [f"{kind}:{address}" for address in addresses] if kind else []
    return {key.partition(":")[2] for key in tombstones.erased_among(shop_id, keys)}
