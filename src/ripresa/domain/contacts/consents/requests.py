"""Double opt-in: who is asked to confirm a yes that a page took down for her, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import ConsentRequest

_run = partial(query.run, "ripresa.domain.contacts")

# Whoever holds the page's key can type anybody's address: one mail in so long, whatever is typed.
ASK_AGAIN_AFTER = timedelta(days=30)
LINK_LASTS = timedelta(days=30)
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5


class Request(NamedTuple):
    """Somebody to be asked: where, in which language, and the words she agreed to."""

    id: UUID
    contact_id: UUID
    key: str
    address: str
    language: str | None
    text: str
    attempts: int
    first_due_at: datetime


def ask(*, shop_id: int, keys: Iterable[str], now: datetime) -> None:
    """Plan a mail to each of `keys` (`email:…`) whose person's consent waits for her confirmation.

    Not to an address that is suppressed, and not twice within ASK_AGAIN_AFTER.
    """
    wanted = sorted({key for key in keys if key.startswith("email:")})
    if wanted:
        _run(
            "ask_for_consent",
            shop_id=shop_id,
            keys=wanted,
            ids=[new_id(now) for _ in wanted],
            now=now,
            again_before=now - ASK_AGAIN_AFTER,
        )


def ask_by_text(*, shop_id: int, keys: Iterable[str], now: datetime) -> None:
    """Plan a short message to the numbers of those behind `keys` whose consent to SMS waits. As `ask`."""
    wanted = sorted(keys)
    if wanted:
        _run(
            "ask_for_consent_by_text",
            shop_id=shop_id,
            keys=wanted,
            ids=[new_id(now) for _ in wanted],
            now=now,
            again_before=now - ASK_AGAIN_AFTER,
        )


def shops_with_due(now: datetime, channel: str = "email") -> list[int]:
    """The shops that have somebody to ask, by mail or by `sms`."""
    kind = {"email": "email:", "sms": "phone:"}[channel]
    due = ConsentRequest.objects.filter(due_at__lte=now, key__startswith=kind).order_by("shop_id")
    return list(due.values_list("shop_id", flat=True).distinct())


def take_due(*, shop_id: int, now: datetime, limit: int, channel: str = "email") -> list[Request]:
    """Take due requests that still make sense; nobody else does until the lease is over."""
    name = {"email": "take_consent_requests", "sms": "take_consent_texts"}[channel]
    rows = _run(name, shop_id=shop_id, now=now, limit=limit, lease_until=now + LEASE)
    return [Request(*row) for row in rows]


def let_go_of_due(*, shop_id: int, now: datetime, channel: str = "email") -> int:
    """Ask nobody who is due to be asked; returns how many those were."""
    kind = {"email": "email:", "sms": "phone:"}[channel]
    due = ConsentRequest.objects.filter(shop_id=shop_id, due_at__lte=now, key__startswith=kind)
    return due.update(due_at=None)


def texts_sent_since(shop_id: int, since: datetime) -> int:
    """How many were asked by a short message since then."""
    sent = ConsentRequest.objects.filter(shop_id=shop_id, key__startswith="phone:")
    return sent.filter(sent_at__gte=since).count()


def find_open_text(shop_id: int, phone: str, now: datetime) -> ConsentRequest | None:
    """What a number was asked, if it may still be answered."""
    key = f"phone:{phone}"
    asked = ConsentRequest.objects.filter(shop_id=shop_id, key=key, confirmed_at__isnull=True)
    return asked.filter(sent_at__gte=now - LINK_LASTS).first()


def settle(
    *, shop_id: int, request_id: UUID, sent_at: datetime | None, due_at: datetime | None
) -> None:
    """What became of one: sent, to be tried again at `due_at`, or given up."""
    found = ConsentRequest.objects.filter(shop_id=shop_id, id=request_id)
    changes: dict[str, datetime | None] = {"due_at": due_at}
    if sent_at is not None:
        changes["sent_at"] = sent_at
    found.update(**changes)


def find(shop_id: int, request_id: UUID) -> ConsentRequest | None:
    """One request of this shop."""
    return ConsentRequest.objects.filter(shop_id=shop_id, id=request_id).first()
