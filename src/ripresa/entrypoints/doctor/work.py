"""Checks of the work itself: tables, what waits too long, what somebody has paused."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min

from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.coupons.operations import stock
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import Message, Sender
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import install_stopped_at
from ripresa.domain.shops.secret_mark import is_another_secret
from ripresa.entrypoints import schema
from ripresa.entrypoints.doctor.finding import Finding, Level
from ripresa.usecases.stop_sending import VOLUME

LATE = timedelta(minutes=1)
VERY_LATE = timedelta(minutes=15)
_START_WORKER = "start a worker (`ripresa worker`), or look into its log"


def check_tables() -> Finding:
    """Whether all migrations have run."""
    if names := schema.pending():
        return Finding(
            "tables",
            "warn",
            f"{len(names)} migrations have not run yet",
            "run `ripresa db migrate`; web and worker do so as well when they start",
        )
    return Finding("tables", "ok", "up to date")


def check_work(now: datetime) -> Iterator[Finding]:
    """Backlog, pauses and stops, over all shops."""
    waiting = InboxEvent.objects.filter(folded_at=None).aggregate(
        n=Count("*"), at=Min("received_at")
    )
    yield _backlog("events", "waiting to be folded", waiting["n"], waiting["at"], now)
    due = Message.objects.filter(state="planned", due_at__lte=now).aggregate(
        n=Count("*"), at=Min("due_at")
    )
    yield _backlog("messages", "due", due["n"], due["at"], now)
    yield from _check_shops()
    for sender in Sender.objects.exclude(paused_at=None).select_related("shop"):
        yield Finding(
            "sender",
            "warn",
            f"{sender.email} of {sender.shop.slug} is paused: {sender.paused_reason}",
            "mend what the mail server says, then resume it under Sending in the console",
        )
    yield from _check_coupons(now)
    for scenario in Scenario.objects.filter(state="paused").select_related("shop"):
        yield Finding(
            "scenario",
            "warn",
            f"{scenario.name} of {scenario.shop.slug} is paused: {scenario.paused_reason}",
            "resume it on its page in the console; nothing planned is lost",
        )


def _check_shops() -> Iterator[Finding]:
    slugs = list(Shop.objects.order_by("slug").values_list("slug", flat=True))
    if not slugs:
        yield Finding("shops", "warn", "there is none", "make one: `ripresa shop create`")
        return
    live = Scenario.objects.filter(state="live").count()
    advice = "" if live else "import and activate one: `ripresa scenario import`"
    found = f"{len(slugs)}; scenarios that are live: {live}"
    yield Finding("shops", "ok" if live else "warn", found, advice)
    if install_stopped_at() is not None:
        yield Finding("install", "warn", "all sending of every shop is stopped", "ripresa start")
    if is_another_secret():
        yield Finding(
            "secret",
            "warn",
            "it is not the one that this install was begun with: erased people can come back, and shops and"
            " providers call addresses that nobody hears at",
            "put the old one in place: RIPRESA_SECRET_KEY, or the file `secret` of the home",
        )
    for slug in Shop.objects.filter(owner_email="").order_by("slug").values_list("slug", flat=True):
        yield Finding(
            "shop",
            "warn",
            f"{slug} has no owner's address: nobody hears of what pauses, or of customers without an agent",
            f"say whom to tell: `ripresa shop change {slug} --owner-email …`",
        )
    for slug, reason in Shop.objects.exclude(stopped_at=None).values_list("slug", "stopped_reason"):
        why = ": far more messages than usual were due" if reason == VOLUME else ""
        yield Finding(
            "shop",
            "warn",
            f"all sending of {slug} is stopped{why}",
            f"if that is right: ripresa start --shop {slug}",
        )


def _check_coupons(now: datetime) -> Iterator[Finding]:
    shops = Shop.objects.filter(id__in=CouponPool.objects.values("shop_id")).order_by("slug")
    for shop_id, slug in shops.values_list("id", "slug"):
        for pool in stock(shop_id=shop_id, now=now):
            if pool.is_low:
                yield Finding(
                    "coupons",
                    "warn",
                    f"{pool.left} codes are left in the pool {pool.pool!r} of {slug}",
                    "fill it: `ripresa coupon import`",
                )


def _backlog(check: str, doing: str, count: int, oldest: datetime | None, now: datetime) -> Finding:
    if oldest is None:
        return Finding(check, "ok", f"none {doing}")
    late = max(now - oldest, timedelta(0))
    level: Level = "ok" if late <= LATE else "warn" if late <= VERY_LATE else "fail"
    found = f"{count} {doing}, the oldest for {late.total_seconds():.0f} s"
    return Finding(check, level, found, "" if level == "ok" else _START_WORKER)
