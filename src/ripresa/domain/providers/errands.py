"""What is done for a number beyond sending to it: an answer to HELP, a place on the provider's list."""

from datetime import datetime, timedelta

from django.db.models import F

from ripresa.core.ids import new_id
from ripresa.domain.providers.models import ProviderAccount, SmsErrand

HELP, SUPPRESSION = "help", "suppression"
# Two machines that answer each other would do it for ever.
HELP_AGAIN_AFTER = timedelta(hours=1)
_LEASE = timedelta(minutes=5)
_TRY_AGAIN = timedelta(minutes=15)
MOST_ATTEMPTS = 8


def ask_for_help(*, shop_id: int, phone: str, now: datetime) -> None:
    """Plan an answer to whoever wrote HELP from `phone`: one in HELP_AGAIN_AFTER."""
    known = SmsErrand.objects.filter(shop_id=shop_id, topic=HELP, phone=phone)
    if not known.filter(asked_at__gt=now - HELP_AGAIN_AFTER).exists():
        _plan(shop_id, HELP, phone, now, is_on=True)


def note_suppressed(*, shop_id: int, phone: str, is_on: bool, now: datetime) -> None:
    """Have a number on the list of the provider of short messages, or off it; the latest word counts.

    A shop that has no such provider has no such list.
    """
    if ProviderAccount.objects.filter(shop_id=shop_id, kind="sms", is_active=True).exists():
        _plan(shop_id, SUPPRESSION, phone, now, is_on=is_on)


def _plan(shop_id: int, topic: str, phone: str, now: datetime, *, is_on: bool) -> None:
    SmsErrand.objects.bulk_create(
        [
            SmsErrand(
                shop_id=shop_id,
                id=new_id(now),
                topic=topic,
                phone=phone,
                is_on=is_on,
                asked_at=now,
                due_at=now,
            )
        ],
        update_conflicts=True,
        unique_fields=["shop", "topic", "phone"],
        update_fields=["is_on", "asked_at", "due_at", "attempts", "done_at"],
    )


def shops_with_due(now: datetime) -> list[int]:
    """The shops that have errands to run."""
    due = SmsErrand.objects.filter(due_at__lte=now).order_by("shop_id")
    return list(due.values_list("shop_id", flat=True).distinct())


def take_due(*, shop_id: int, now: datetime, limit: int) -> list[SmsErrand]:
    """Take due errands, in a transaction; nobody else does until the lease is over."""
    due = SmsErrand.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True)[:limit])
    ids = [one.id for one in taken]
    own = SmsErrand.objects.filter(shop_id=shop_id, id__in=ids)
    own.update(due_at=now + _LEASE, attempts=F("attempts") + 1)
    for one in taken:
        one.attempts += 1
    return taken


def settle(errand: SmsErrand, *, is_done: bool, may_retry: bool, now: datetime) -> None:
    """What became of one. `asked_at` and `attempts` prove that it is still the same."""
    again = now + _TRY_AGAIN if may_retry and errand.attempts < MOST_ATTEMPTS else None
    own = SmsErrand.objects.filter(
        shop_id=errand.shop_id, id=errand.id, asked_at=errand.asked_at, attempts=errand.attempts
    )
    own.update(done_at=now if is_done else None, due_at=None if is_done else again)
