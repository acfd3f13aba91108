"""Who earned an order, and why: all models side by side, each touchpoint with its reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from ripresa.core.money import Money
from ripresa.domain.attribution.credit import Kind, Model, Rules, Touch, agent_spoke, qualifying
from ripresa.domain.attribution.crediting import (
    MODELS,
    Share,
    Sold,
    find_sold,
    shares_of,
)
from ripresa.domain.attribution.days import spans_of
from ripresa.domain.attribution.models import CreditFigures, OrderCredit
from ripresa.domain.attribution.rolling import rules_of, settings_of, zone_of
from ripresa.domain.campaigns.models import CampaignRecipient
from ripresa.domain.carts.models import Order
from ripresa.domain.carts.queries import orders_that_count
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.reporting.figures import DIMENSIONS, Only

# How far back one looks to say what was too early to count.
_FAR = timedelta(days=365)


class Why(StrEnum):
    """Why a touchpoint has a share of an order, or none."""

    EARNS = "earns"
    TOO_EARLY = "too_early"  # before the window
    MACHINE = "machine"
    SENT_ONLY = "sent_only"  # nobody did anything with it
    CAME_BACK = "came_back"  # a letter that the post brought back, or that was taken back
    OPENS_OFF = "opens_off"  # opened, and opens don't count here
    AGENT_SPOKE = "agent_spoke"  # an agent spoke with her, so e-mails earn nothing (AGT-4)
    OTHERS_COUNT = "others_count"  # a direct visit, beside something that counts


_WHY_NOT = {
    Kind.SENT: Why.SENT_ONLY,
    Kind.DIRECT: Why.OTHERS_COUNT,
    Kind.OPEN: Why.OPENS_OFF,
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A touchpoint of an order, with its share under each model where it has one."""

    touch: Touch
    message_id: UUID | None
    agent_id: UUID | None
    why: Why
    shares: dict[Model, Money]


@dataclass(frozen=True, slots=True)
class OrderStory:
    """One order: its worth net of refunds, until when touchpoints count, and all of them by time."""

    order: Order
    worth: Money
    counts: bool
    counted_until: datetime
    abandoned_at: datetime | None
    is_agents: bool
    touches: list[Explained]


def find_order(shop_id: int, name: str) -> Order | None:
    """The latest placed order of that number, or of that id of the shop or of ours."""
    named = Q(number=name) | Q(external_id=name)
    with suppress(ValueError):
        named |= Q(id=UUID(name))
    found = Order.objects.filter(named, shop_id=shop_id, placed_at__isnull=False)
    return found.order_by("-placed_at", "-id").first()


def explain_order(order: Order) -> OrderStory:
    """Who earned an order, and why."""
    settings = settings_of(order.shop_id)
    rules = rules_of(settings)
    sold = find_sold(shop_id=order.shop_id, order_id=order.id, window=max(_FAR, rules.window))
    shares = {share.touch.id: share for share in shares_of(sold, rules)}
    currency = order.currency or ""
    return OrderStory(
        order=order,
        worth=Money(sold.sale.minor, currency),
        counts=sold.counts,
        counted_until=sold.sale.counted_until,
        abandoned_at=sold.sale.abandoned_at,
        is_agents=agent_spoke(sold.sale, sold.touches, rules),
        touches=[
            Explained(
                touch,
                sold.whose[touch.id].message_id,
                sold.whose[touch.id].agent_id,
                _why(touch, sold, rules),
                _money(shares.get(touch.id), currency),
            )
            for touch in sorted(sold.touches, key=lambda one: (one.at, one.id))
        ],
    )


def _money(share: Share | None, currency: str) -> dict[Model, Money]:
    return {} if share is None else {m: Money(share.minor[m], currency) for m in MODELS}


def _why(touch: Touch, sold: Sold, rules: Rules) -> Why:
    if touch in qualifying(sold.sale, sold.touches, rules):
        return Why.EARNS
    if touch.at < sold.sale.counted_until - rules.window:
        return Why.TOO_EARLY
    if touch.is_machine:
        return Why.MACHINE
    if touch.kind is Kind.OPEN and rules.with_opens:
        return Why.AGENT_SPOKE
    if touch.kind is Kind.SENT and touch.channel == "letter":
        return Why.CAME_BACK
    return _WHY_NOT.get(touch.kind, Why.AGENT_SPOKE)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What one group earned under each model in one currency. `orders`: by last interaction."""

    key: dict[str, Any]
    is_agents: bool
    currency: str
    orders: int
    minor: dict[Model, int]


def side_by_side(
    shop_id: int,
    only: Only,
    *,
    by: Sequence[str] = ("scenario", "channel"),
    zone: ZoneInfo | None = None,
) -> list[SideBySide]:
    """All models over the same orders. What nothing earned stands last, in a row with an empty key.

    `zone`: the shop's, looked up if not given.
    """
    columns = [column for name in by for column in DIMENSIONS[name]]
    sums = {model.value: Sum(f"{model.value}_minor") for model in MODELS}
    rows = (
        only.of(CreditFigures.objects.filter(shop_id=shop_id))
        .values(*columns, "currency", "is_agents")
        .annotate(credited=Sum("orders"), **sums)
        .order_by("is_agents", *columns, "currency")
    )
    found = [
        SideBySide(
            {column: row[column] for column in columns},
            row["is_agents"],
            row["currency"],
            row["credited"],
            {model: int(row[model.value]) for model in MODELS},
        )
        for row in rows
    ]
    return found + (_by_themselves(shop_id, only, zone) if only.is_whole else [])


def in_all(rows: Iterable[SideBySide]) -> list[SideBySide]:
    """The sums of `rows`, one for each currency; where nothing but days is chosen, all revenue."""
    orders: defaultdict[str, int] = defaultdict(int)
    minor: defaultdict[str, dict[Model, int]] = defaultdict(lambda: dict.fromkeys(MODELS, 0))
    for row in rows:
        orders[row.currency] += row.orders
        for model, sum_so_far in minor[row.currency].items():
            minor[row.currency][model] = sum_so_far + row.minor[model]
    return [SideBySide({}, False, code, orders[code], sums) for code, sums in sorted(minor.items())]


def _by_themselves(shop_id: int, only: Only, zone: ZoneInfo | None) -> list[SideBySide]:
    """Orders that nothing earned: with them, every model adds up to all revenue."""
    zone = zone or zone_of(shop_id)
    spans = spans_of([only.begin, only.end], zone)
    credited = OrderCredit.objects.filter(shop_id=shop_id, order_id=OuterRef("id"))
    orders = orders_that_count(shop_id).filter(
        placed_at__gte=spans.begins[0], placed_at__lt=spans.ends[-1]
    )
    worth = (
        orders.filter(~Exists(credited))
        .values_list("currency")
        .annotate(number=Count("id"), net=Sum(F("total_minor") - F("refunded_minor")))
        .order_by("currency")
    )
    return [
        SideBySide({}, False, code or "", count, dict.fromkeys(MODELS, int(minor)))
        for code, count, minor in worth
    ]


def _earned_by(shop_id: int, only: Only) -> "QuerySet[OrderCredit, Any]":
    """The orders of which the chosen messages have a share."""
    messages = Message.objects.filter(shop_id=shop_id)
    wanted = only.wanted()
    for column in ("step", "template", "language"):
        if column in wanted:
            messages = messages.filter(**{column: wanted[column]})
    if only.origin is not None:
        runs = Recovery.objects.filter(shop_id=shop_id, scenario_id=only.origin)
        taken = CampaignRecipient.objects.filter(shop_id=shop_id, campaign_id=only.origin)
        messages = messages.filter(
            Q(origin_kind="recovery", origin_id__in=runs.values("id"))
            | Q(origin_kind="campaign", origin_id__in=taken.values("id"))
        )
    shares = OrderCredit.objects.filter(shop_id=shop_id)
    if only.channel:
        shares = shares.filter(channel=only.channel)
    if set(wanted) - {"channel"}:
        shares = shares.filter(message_id__in=messages.values("id"))
    return shares.values("order_id")


class Credited(NamedTuple):
    """An order with its shares, by time; none where nothing earned it."""

    order: Order
    shares: list[OrderCredit]

    @property
    def net_minor(self) -> int:
        """What the order is worth after refunds."""
        return self.order.total_minor - self.order.refunded_minor


def list_credits(
    shop_id: int, only: Only, *, after: UUID | None = None, limit: int = 1_000
) -> list[Credited]:
    """Every share of the orders of some days, a page of orders, in the order of their ids.

    What else `only` chooses leaves the orders of which that earned something.
    """
    orders = _chosen(shop_id, only)
    if after is not None:
        orders = orders.filter(id__gt=after)
    return _with_shares(shop_id, list(orders.order_by("id")[:limit]))


def every_credit(shop_id: int, only: Only) -> Iterator[Credited]:
    """The same for all orders, read a page at a time."""
    after: UUID | None = None
    while page := list_credits(shop_id, only, after=after):
        yield from page
        after = page[-1].order.id


def latest_credits(shop_id: int, only: Only, *, limit: int) -> list[Credited]:
    """The same, of the latest orders."""
    orders = _chosen(shop_id, only).order_by("-placed_at", "-id")
    return _with_shares(shop_id, list(orders[:limit]))


def _chosen(shop_id: int, only: Only) -> "QuerySet[Order]":
    spans = spans_of([only.begin, only.end], zone_of(shop_id))
    orders = orders_that_count(shop_id).filter(
        placed_at__gte=spans.begins[0], placed_at__lt=spans.ends[-1]
    )
    return orders.filter(id__in=_earned_by(shop_id, only)) if only.wanted() else orders


def _with_shares(shop_id: int, page: list[Order]) -> list[Credited]:
    shares: defaultdict[UUID, list[OrderCredit]] = defaultdict(list)
    for share in OrderCredit.objects.filter(
        shop_id=shop_id, order_id__in=[order.id for order in page]
    ).order_by("order_id", "place"):
        shares[share.order_id].append(share)
    return [Credited(order, shares[order.id]) for order in page]
