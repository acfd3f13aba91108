"""Storing mails that came in, taking them for reading, and saying how that went."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from ripresa.core.ids import ids_in_order
from ripresa.domain.mailroom.models import KEPT, FetchPosition, ReceivedMail

# A lease is nothing but a later due time: long enough to read a batch and forward what is in it.
_LEASE = timedelta(minutes=10)
# How long to wait before an answer is forwarded once more: the agent's mail server may be away for days.
_AGAIN = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
MOST_TRIES = 10
KEPT_FOR = timedelta(days=30)


class Arrived(NamedTuple):
    """A mail as it was handed to us. `recipient` empty: by a mailbox that does not tell.

    `identity` tells a repetition where the bytes do not: the id that a provider gave it.
    """

    source: str
    sender: str
    recipient: str
    raw: bytes
    identity: str = ""

    @property
    def digest(self) -> bytes:
        """The same whenever the same mail comes again."""
        what = f"{self.source} {self.identity}".encode() if self.identity else self.raw
        return hashlib.sha256(self.recipient.lower().encode() + b"\0" + what).digest()


def store(*, shop_id: int, mails: Sequence[Arrived], now: datetime) -> None:
    """Keep mails; one that is here already is not kept again."""
    ids = ids_in_order(now)
    ReceivedMail.objects.bulk_create(
        (
            ReceivedMail(
                shop_id=shop_id,
                id=next(ids),
                source=one.source,
                sender=one.sender,
                recipient=one.recipient,
                digest=one.digest,
                raw=one.raw,
                received_at=now,
                due_at=now,
            )
            for one in mails
        ),
        ignore_conflicts=True,
    )


def shops_with_due(now: datetime) -> list[int]:
    """The shops that have mails to read."""
    due = ReceivedMail.objects.filter(due_at__lte=now).order_by("shop_id")
    return list(due.values_list("shop_id", flat=True).distinct())


def take_due(*, shop_id: int, now: datetime, limit: int) -> list[ReceivedMail]:
    """Take due mails, in a transaction; nobody else does until the lease is over."""
    due = ReceivedMail.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True)[:limit])
    for one in taken:
        one.attempts += 1
        ReceivedMail.objects.filter(shop_id=shop_id, id=one.id).update(
            due_at=now + _LEASE, attempts=one.attempts
        )
    return taken


def settle(mail: ReceivedMail, outcome: str, detail: str = "") -> None:
    """Say what became of a mail. `attempts` proves that it is still this worker's."""
    # What was fetched still lies in its mailbox, which may hold much that is none of our business.
    is_only_copy = bool(mail.recipient)
    raw = {} if outcome in KEPT and is_only_copy else {"raw": b"", "sender": ""}
    own = ReceivedMail.objects.filter(shop_id=mail.shop_id, id=mail.id, attempts=mail.attempts)
    own.update(outcome=outcome, detail=detail[:2000], due_at=None, **raw)


def put_off(mail: ReceivedMail, detail: str, now: datetime) -> None:
    """Try again later; after so many tries nobody will."""
    if mail.attempts >= MOST_TRIES:
        settle(mail, "undeliverable", detail)
        return
    wait = _AGAIN[min(mail.attempts, len(_AGAIN)) - 1]
    own = ReceivedMail.objects.filter(shop_id=mail.shop_id, id=mail.id, attempts=mail.attempts)
    own.update(due_at=now + wait, detail=detail[:2000])


def forget_old(*, shop_id: int, now: datetime) -> None:
    """Delete the mails that were kept for a look, after KEPT_FOR: strangers' words are in them."""
    old = ReceivedMail.objects.filter(
        shop_id=shop_id, outcome__in=KEPT, received_at__lt=now - KEPT_FOR
    )
    old.delete()


def position_of(*, shop_id: int, account_id: UUID, folder: str, uid_validity: int) -> int:
    """The highest UID of a folder that was stored; 0: none, or they were numbered anew."""
    found = FetchPosition.objects.filter(
        shop_id=shop_id, id=account_id, folder=folder, uid_validity=uid_validity
    )
    return found.values_list("uid", flat=True).first() or 0


def move_position(
    *, shop_id: int, account_id: UUID, folder: str, uid_validity: int, uid: int
) -> None:
    """Remember how far a folder was fetched, in the transaction that stores its mails."""
    FetchPosition.objects.update_or_create(
        shop_id=shop_id,
        id=account_id,
        defaults={"folder": folder, "uid_validity": uid_validity, "uid": uid},
    )
