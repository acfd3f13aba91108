"""A shop's choices about consent: channels coupled or apart, whose yes must be confirmed (CNS-1).

What rules for a person is a function of what was said and of these choices, so a change is worked out
anew for everybody.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.contacts import profile
from ripresa.domain.contacts.locking import lock
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.people import People
from ripresa.domain.scenarios import operations as scenarios
from ripresa.domain.shops.models import Shop
from ripresa.usecases.shops.create_shop import NotASetting

BATCH = 1000


def change_consent_settings(
    *,
    shop_id: int,
    now: datetime,
    couple_channels: bool | None = None,
    confirm_consent: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Change what is given, and what follows from it for everybody; returns how many people were looked at.

    What is planned in a channel that is refused now is cancelled. Breaks off safely: done again, it goes on.
    Raises NotASetting.
    """
    if confirm_consent not in {None, "by_country", "always", "never"}:
        raise NotASetting(
            f"confirm consent is by_country, always or never, not {confirm_consent!r}"
        )
    said = {"couple_channels": couple_channels, "confirm_consent": confirm_consent}
    changes: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if not changes:
        return 0
    _set(shop_id, changes, now)
    looked_at = 0
    for ids in _batches(shop_id):
        with transaction.atomic():
            lock(shop_id=shop_id, contact_ids=ids)
            profile.refresh(shop_id=shop_id, contact_ids=ids, people=People(), now=now)
            _cancel_refused(shop_id, ids, now)
        looked_at += len(ids)
        progress(len(ids))
    return looked_at


@transaction.atomic
def _set(shop_id: int, changes: dict[str, Any], now: datetime) -> None:
    own = Shop.objects.filter(id=shop_id)
    before = own.values(*changes).get()
    own.update(**changes)
    subject = Subject(About.CONSENT)
    write_down(
        shop_id=shop_id,
        action=Action.CHANGED,
        subject=subject,
        before=before,
        after=changes,
        now=now,
    )


def _cancel_refused(shop_id: int, ids: list[UUID], now: datetime) -> None:
    for channel in ("email", "sms"):
        refused = Contact.objects.filter(
            shop_id=shop_id, id__in=ids, **{f"consent_{channel}": "denied"}
        )
        if people := sorted(refused.values_list("id", flat=True)):
            scenarios.cancel_channel(
                shop_id=shop_id, contact_ids=people, channel=channel, reason="unsubscribed", now=now
            )


def _batches(shop_id: int) -> Iterator[list[UUID]]:
    latest: UUID | None = None
    while True:
        found = Contact.objects.filter(shop_id=shop_id)
        if latest is not None:
            found = found.filter(id__gt=latest)
        ids = list(found.order_by("id").values_list("id", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        latest = ids[-1]
