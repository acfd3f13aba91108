"""Who wants figures by mail, and whose mail is due. A period is taken before its mail leaves."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.core.signed_ids import SignedIds
from ripresa.domain.attribution.models import DigestWish
from ripresa.domain.attribution.rolling import zone_of
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Membership
from ripresa.usecases.digests.periods import EVERY, Period, latest, told_at

TRY_AGAIN = timedelta(minutes=30)
MOST_TRIES = 6


class Due(NamedTuple):
    """A mail that is this worker's to send: to whom, and over which days."""

    wish: DigestWish
    user: User
    period: Period


def links_of(letterhead: Letterhead) -> SignedIds:
    """The signed ids by which these mails are ended."""
    return SignedIds(letterhead.secret_key, "report digest")


def find_wish(shop_id: int, user_id: int) -> DigestWish | None:
    """What a member of a shop wants; None: no mails."""
    return DigestWish.objects.filter(shop_id=shop_id, user_id=user_id).first()


@transaction.atomic
def wish(*, shop_id: int, user_id: int, every: str, language: str, now: datetime) -> DigestWish:
    """Mail a member the figures from now on; the first mail tells the first period that ends from here."""
    if every not in EVERY:
        raise ValueError(f"every must be one of {', '.join(EVERY)}, not {every!r}")
    zone = zone_of(shop_id)
    over = latest(every, now, zone)
    wanted, _ = DigestWish.objects.update_or_create(
        shop_id=shop_id,
        user_id=user_id,
        defaults={
            "every": every,
            "language": language,
            "next_at": told_at(over, every, zone),
            "told_until": over.end,
            "attempts": 0,
        },
        create_defaults={
            "id": new_id(now),
            "every": every,
            "language": language,
            "next_at": told_at(over, every, zone),
            "told_until": over.end,
        },
    )
    return wanted


def end_wish(*, shop_id: int, user_id: int) -> None:
    """Mail her no more figures."""
    DigestWish.objects.filter(shop_id=shop_id, user_id=user_id).delete()


def find_by_link(link: str, letterhead: Letterhead) -> DigestWish | None:
    """The wish behind the link of a mail; None: we have not signed it, or it is over."""
    named = links_of(letterhead).read(link)
    if named is None:
        return None
    return DigestWish.objects.filter(shop_id=named.shop_id, id=named.row_id).first()


def shops_with_due(now: datetime) -> list[int]:
    """The shops of which somebody waits for figures."""
    due = DigestWish.objects.filter(next_at__lte=now).order_by("shop_id")
    return list(due.values_list("shop_id", flat=True).distinct())


@transaction.atomic
def take_due(*, shop_id: int, now: datetime, limit: int) -> list[Due]:
    """Take due mails; from this commit on nobody else sends them. Who is no member any more, wants none."""
    rows = DigestWish.objects.filter(shop_id=shop_id, next_at__lte=now).order_by("next_at", "id")
    taken = list(rows.select_for_update(skip_locked=True)[:limit])
    if not taken:
        return []
    zone = zone_of(shop_id)
    users = _members(shop_id, [one.user_id for one in taken])
    found = []
    for one in taken:
        user = users.get(one.user_id)
        if user is None:
            end_wish(shop_id=shop_id, user_id=one.user_id)
            continue
        period = latest(one.every, now, zone)
        if one.told_until is None or one.told_until < period.end:
            found.append(Due(one, user, period))
        one.next_at, one.told_until = told_at(period, one.every, zone), period.end
        _write(one)
    return found


def try_again(one: Due, *, now: datetime) -> None:
    """It was refused for now: give the period back, unless it was tried often or is no longer ours."""
    if one.wish.attempts + 1 >= MOST_TRIES:
        return
    own = DigestWish.objects.filter(
        shop_id=one.wish.shop_id, id=one.wish.id, told_until=one.period.end
    )
    own.update(
        next_at=now + TRY_AGAIN, told_until=one.period.before.end, attempts=one.wish.attempts + 1
    )


def settle(one: Due) -> None:
    """It is sent, or never will be."""
    DigestWish.objects.filter(shop_id=one.wish.shop_id, id=one.wish.id).update(attempts=0)


def _write(one: DigestWish) -> None:
    DigestWish.objects.filter(shop_id=one.shop_id, id=one.id).update(
        next_at=one.next_at, told_until=one.told_until
    )


def keep_address(*, user_id: int, address: str) -> None:
    """Where a member's mails go, who had no address so far; one that she has stays."""
    User.objects.filter(id=user_id, email="").update(email=address)


def _members(shop_id: int, user_ids: list[int]) -> dict[int, User]:
    """Those who still may read this shop's figures and have an address."""
    members = Membership.objects.filter(shop_id=shop_id, user_id__in=user_ids)
    users = User.objects.filter(id__in=members.values("user_id"), is_active=True)
    return {user.id: user for user in users if user.email}


def zone_name(shop_id: int) -> ZoneInfo:
    """The zone in which a shop's weeks begin."""
    return zone_of(shop_id)
