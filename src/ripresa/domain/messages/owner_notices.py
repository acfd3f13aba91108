"""What a shop's owner is told: written down where it happens, mailed once (SCN-11)."""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from ripresa.contracts.calling.sayings import Saying
from ripresa.contracts.calling.standstill import reason_kept
from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core.ids import new_id
from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.webhooks.telling import tell

# A lease is nothing but a later due time: long enough for one mail.
_LEASE = timedelta(minutes=5)
TRY_AGAIN = timedelta(minutes=15)
MOST_TRIES = 12


class Telling(NamedTuple):
    """Something to tell. `about`: the scenario or sender by name; `cause` in somebody's own words."""

    kind: str
    about: str
    cause: str
    scenario_id: UUID | None = None


class Words(NamedTuple):
    """A notice as a person reads it."""

    subject: str
    text: str


def tell_owner(*, shop_id: int, tellings: Sequence[Telling], now: datetime) -> None:
    """Write down what the owner has to know; it is mailed from the next round on."""
    if not tellings:
        return
    OwnerNotice.objects.bulk_create(
        OwnerNotice(
            shop_id=shop_id,
            id=new_id(now),
            kind=one.kind,
            about=one.about,
            cause=one.cause,
            scenario_id=one.scenario_id,
            created_at=now,
            due_at=now,
        )
        for one in tellings
    )
    tell(
        shop_id=shop_id,
        types=[HappeningType.SHOP_WARNED],
        happened=lambda: [_warning(one, now) for one in tellings],
        now=now,
    )


def _warning(one: Telling, now: datetime) -> Happening:
    facts = {"kind": one.kind, "about": one.about, "cause": one.cause}
    return Happening(HappeningType.SHOP_WARNED, one.scenario_id or new_id(now), now, facts)


def shops_with_due(now: datetime) -> list[int]:
    """The shops whose owner has to be told something."""
    due = OwnerNotice.objects.filter(due_at__lte=now).order_by("shop_id")
    return list(due.values_list("shop_id", flat=True).distinct())


def take_due(*, shop_id: int, now: datetime, limit: int) -> list[OwnerNotice]:
    """Take due notices for mailing, in a transaction; nobody else does until the lease is over."""
    due = OwnerNotice.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True)[:limit])
    for one in taken:
        one.attempts += 1
        OwnerNotice.objects.filter(shop_id=shop_id, id=one.id).update(
            due_at=now + _LEASE, attempts=one.attempts
        )
    return taken


def settle(notice: OwnerNotice, *, is_mailed: bool, may_retry: bool, now: datetime) -> None:
    """What became of a mail. `attempts` proves that it is still this worker's."""
    again = now + TRY_AGAIN if may_retry and notice.attempts < MOST_TRIES else None
    own = OwnerNotice.objects.filter(
        shop_id=notice.shop_id, id=notice.id, attempts=notice.attempts, mailed_at=None
    )
    own.update(mailed_at=now if is_mailed else None, due_at=None if is_mailed else again)


def list_notices(*, shop_id: int, older_than: UUID | None, limit: int) -> list[OwnerNotice]:
    """What the owner was told, the newest first: ids sort by time."""
    told = OwnerNotice.objects.filter(shop_id=shop_id)
    if older_than is not None:
        told = told.filter(id__lt=older_than)
    return list(told.order_by("-id")[:limit])


def words_of(kind: str, about: str, cause: str, language: str) -> Words:
    """A notice in the owner's language, as far as we speak it; else in English."""
    known = _words()
    said = known.get(language.partition("-")[0], known["en"])[kind]
    with translation.override(language):
        named = {"about": about, "cause": _told(reason_kept(cause))}
    return Words(said["subject"].format(**named), said["text"].format(**named))


def _told(text: str) -> str:
    """A saying in the language that is on, by the catalogues of the install; other words as they are."""
    if not isinstance(text, Saying):
        return text
    facts = {name: _told(one) for name, one in text.facts.items()}
    return gettext(text.pattern).format_map(facts)


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, dict[str, str]]]:
    text = (files("ripresa.domain.messages") / "owner_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
