"""`GET /metrics`: how the install stands, for Prometheus, to whoever has RIPRESA_METRICS_TOKEN.

Everything is read from the tables at the moment of asking, so it is the same whichever process answers.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector

from ripresa.core.config import metrics_token
from ripresa.entrypoints.request_clock import TimedRequest
from ripresa.usecases.health.standing import Install, look_at_install

_SHOP = ("shop",)
_WORK = ("shop", "work")


@require_safe
def tell_metrics(request: TimedRequest) -> HttpResponse:
    """Prometheus' text format; 404 where no token is set, 401 for another one (RFC 6750)."""
    token = metrics_token()
    if token is None:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    told = generate_latest(_Standing(request.now))
    return HttpResponse(
        told, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


class _Standing(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Gauge]:
        install = look_at_install(self._now)
        yield Gauge(
            "ripresa_install_stopped",
            "1: all sending of every shop is stopped.",
            install.is_stopped,
        )
        yield from _work(install, self._now)
        yield from _hour(install)
        yield from _holding(install)


def _work(install: Install, now: datetime) -> Iterator[Gauge]:
    due = Gauge("ripresa_due", "Events, carts, recoveries, messages that are due.", labels=_WORK)
    oldest = Gauge(
        "ripresa_due_oldest_seconds", "For how long the oldest of them has been due.", labels=_WORK
    )
    for shop in install.shops:
        for work, backlog in shop.backlogs.items():
            late = max(now - (backlog.oldest or now), timedelta(0))
            due.add_metric((shop.shop, work), backlog.due)
            oldest.add_metric((shop.shop, work), late.total_seconds())
    yield due
    yield oldest


def _hour(install: Install) -> Iterator[Gauge]:
    carts = Gauge("ripresa_carts_last_hour", "Carts begun by people.", labels=_SHOP)
    orders = Gauge("ripresa_orders_last_hour", "Orders placed.", labels=_SHOP)
    left = Gauge(
        "ripresa_messages_last_hour",
        "Messages that left: sent, or unknown whether they did.",
        labels=("shop", "channel", "state"),
    )
    for shop in install.shops:
        carts.add_metric((shop.shop,), shop.carts)
        orders.add_metric((shop.shop,), shop.orders)
    for some in install.left:
        left.add_metric((some.shop, some.channel, some.state), some.messages)
    yield carts
    yield orders
    yield left


def _holding(install: Install) -> Iterator[Gauge]:
    stopped = Gauge("ripresa_stopped", "1: all sending of the shop is stopped.", labels=_SHOP)
    quiet = Gauge("ripresa_quiet", "1: far fewer carts come in than is usual.", labels=_SHOP)
    paused = Gauge(
        "ripresa_paused",
        "Senders, accounts, scenarios that wait for somebody.",
        labels=("shop", "what"),
    )
    for shop in install.shops:
        stopped.add_metric((shop.shop,), shop.is_stopped)
        quiet.add_metric((shop.shop,), shop.is_quiet)
        for what, count in shop.paused.items():
            paused.add_metric((shop.shop, what), count)
    yield stopped
    yield quiet
    yield paused
