"""Reading carts: the list and its figures, one cart, what a person left and bought.

All money comes as (minor units, currency) and no sum crosses currencies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from ripresa.core.money import Money
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts import queries as contacts

REPEATED_WITHIN = timedelta(days=30)
REPEATED_FROM = 3

# What counts in a shop's figures (CAP-9, CUS-3): real, standing, and bought in the storefront.
NOT_STOREFRONT = ("draft", "renewal", "staff")
COUNTS = Q(
    placed_at__isnull=False,
    currency__isnull=False,
    cancelled_at__isnull=True,
    is_test=False,
) & ~Q(origin__in=NOT_STOREFRONT)
STANDS = Q(refunded_minor=0) | Q(refunded_minor__lt=F("total_minor"))


@dataclass(frozen=True, slots=True)
class CartFilter:
    """Which carts of a shop. None or empty: no restriction. `left_until` is exclusive."""

    states: tuple[str, ...] = ()
    kind: str | None = None
    left_from: datetime | None = None
    left_until: datetime | None = None
    value_from: Money | None = None
    buyer: str = ""

    def carts(self, shop_id: int) -> "QuerySet[Cart]":
        """The carts it lets through; crawlers and test carts never (CAP-9)."""
        found = Cart.objects.filter(shop_id=shop_id, is_bot=False, is_test=False)
        if self.states:
            found = found.filter(state__in=self.states)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.left_from:
            found = found.filter(left_at__gte=self.left_from)
        if self.left_until:
            found = found.filter(left_at__lt=self.left_until)
        if self.value_from:
            found = found.filter(
                currency=self.value_from.currency, total_minor__gte=self.value_from.minor
            )
        if self.buyer:
            found = found.filter(contact_id__in=contacts.search(shop_id, self.buyer).values("id"))
        return found


@dataclass(frozen=True, slots=True)
class CartFigures:
    """RPT-1 and RPT-2 over the carts of a filter.

    `abandoned` counts carts abandoned at least once, `recovered` those of them that ended in an order.
    """

    abandoned: int
    recovered: int
    abandoned_value: tuple[Money, ...]
    recovered_revenue: tuple[Money, ...]

    @property
    def recovered_share(self) -> float | None:
        """Recovered ÷ abandoned; None where nothing was abandoned."""
        return self.recovered / self.abandoned if self.abandoned else None


def list_carts(
    shop_id: int, only: CartFilter, *, older_than: tuple[datetime, UUID] | None, limit: int
) -> list[Cart]:
    """Carts by last activity, newest first; `older_than` is (left_at, id) of the last one seen."""
    found = only.carts(shop_id)
    if older_than:
        left_at, cart_id = older_than
        found = found.filter(Q(left_at__lt=left_at) | Q(left_at=left_at, id__lt=cart_id))
        # The first condition alone can use the index; the second only breaks ties.
        found = found.filter(left_at__lte=left_at)
    return list(found.order_by("-left_at", "-id")[:limit])


def figures(shop_id: int, only: CartFilter) -> CartFigures:
    """The figures over all carts of `only`, however many pages they fill."""
    carts = only.carts(shop_id).filter(abandoned_at__isnull=False)
    counts = carts.aggregate(
        abandoned=Count("id"), recovered=Count("id", filter=Q(state="recovered"))
    )
    value = carts.values("currency").annotate(minor=Sum("total_minor")).order_by("-minor")
    orders = Order.objects.filter(
        COUNTS, shop_id=shop_id, id__in=carts.filter(state="recovered").values("order_id")
    )
    return CartFigures(**counts, abandoned_value=_sums(value), recovered_revenue=revenue(orders))


def revenue(orders: "QuerySet[Order]") -> tuple[Money, ...]:
    """What `orders` brought in, net of refunds, one sum per currency, the largest first."""
    net = orders.values("currency").annotate(minor=Sum(F("total_minor") - F("refunded_minor")))
    return _sums(net.order_by("-minor"))


def _sums(rows: Iterable[Mapping[str, Any]]) -> tuple[Money, ...]:
    return tuple(Money(row["minor"], row["currency"]) for row in rows)


def recovered_since(shop_id: int, since: datetime) -> tuple[int, tuple[Money, ...]]:
    """Carts recovered by an order placed from `since` on, and what those orders brought in."""
    carts = Cart.objects.filter(
        shop_id=shop_id, state="recovered", ended_at__gte=since, is_bot=False, is_test=False
    )
    orders = Order.objects.filter(COUNTS, shop_id=shop_id, id__in=carts.values("order_id"))
    return carts.count(), revenue(orders)


def abandoned_since(shop_id: int, since: datetime) -> int:
    """How many abandonments happened from `since` on."""
    return Abandonment.objects.filter(shop_id=shop_id, abandoned_at__gte=since).count()


def find_cart(shop_id: int, cart_id: UUID) -> Cart | None:
    """One cart of this shop."""
    return Cart.objects.filter(shop_id=shop_id, id=cart_id).first()


def find_order(shop_id: int, order_id: UUID | None) -> Order | None:
    """One order of this shop."""
    if order_id is None:
        return None
    return Order.objects.filter(shop_id=shop_id, id=order_id).first()


def list_abandonments(shop_id: int, cart_id: UUID) -> list[Abandonment]:
    """The abandonments of a cart, oldest first."""
    found = Abandonment.objects.filter(shop_id=shop_id, cart_id=cart_id)
    return list(found.order_by("abandoned_at"))


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """CUS-3: one currency's orders of a person. Test, draft, renewal and staff orders stay out."""

    orders: int
    lifetime: Money

    @property
    def average(self) -> Money:
        """Lifetime value ÷ orders, rounded half up to the minor unit."""
        return Money((2 * self.lifetime.minor + self.orders) // (2 * self.orders), self.lifetime.currency)


def order_figures(orders: Sequence[Order]) -> list[OrderFigures]:
    """Figures per currency over all orders of a person, the largest lifetime value first."""
    sums: dict[str, tuple[int, int]] = {}
    for order in orders:
        if order.currency is None or not counts(order):
            continue
        number, minor = sums.get(order.currency, (0, 0))
        sums[order.currency] = (number + 1, minor + order.total_minor - order.refunded_minor)
    found = [OrderFigures(number, Money(minor, code)) for code, (number, minor) in sums.items()]
    return sorted(found, key=lambda each: each.lifetime.minor, reverse=True)


def counts(order: Order) -> bool:
    """Whether an order counts: placed, not cancelled, not wholly refunded, bought in the storefront."""
    return (
        order.placed_at is not None
        and order.cancelled_at is None
        and not order.is_test
        and order.origin not in NOT_STOREFRONT
        and (order.refunded_minor == 0 or order.refunded_minor < order.total_minor)
    )


def orders_of_contact(shop_id: int, contact_id: UUID) -> list[Order]:
    """All placed orders of a person, newest first."""
    found = Order.objects.filter(shop_id=shop_id, contact_id=contact_id, placed_at__isnull=False)
    return list(found.order_by("-placed_at", "-id"))


def abandonments_of_contact(
    shop_id: int, contact_id: UUID
) -> list[tuple[Abandonment, Cart]]:
    """What a person left behind, newest first, each with its cart as it stands now."""
    found = Abandonment.objects.filter(
        shop_id=shop_id, cart__contact_id=contact_id, cart__is_bot=False, cart__is_test=False
    ).select_related("cart")
    return [(each, each.cart) for each in found.order_by("-abandoned_at", "-id")]


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """Two numbers of a person for a list of people, and the latest activity."""

    orders: int = 0
    abandonments: int = 0
    latest_at: datetime | None = None


def counts_of_contacts(shop_id: int, contact_ids: Sequence[UUID]) -> dict[UUID, PersonCounts]:
    """Orders that count and abandonments, for each of `contact_ids` that has any."""
    orders = Order.objects.filter(COUNTS, STANDS, shop_id=shop_id, contact_id__in=contact_ids)
    bought = dict(orders.values_list("contact_id").annotate(number=Count("id")))
    left = (
        Abandonment.objects.filter(shop_id=shop_id, cart__contact_id__in=contact_ids)
        .values_list("cart__contact_id")
        .annotate(number=Count("id"), latest=Max("left_at"))
    )
    found = {contact: PersonCounts(0, number, latest) for contact, number, latest in left}
    for contact, number in bought.items():
        known = found.get(contact, PersonCounts())
        found[contact] = PersonCounts(number, known.abandonments, known.latest_at)
    return found


def is_repeated(abandoned_at: Iterable[datetime], now: datetime) -> bool:
    """CAP-4: three or more abandonments in the 30 days before `now`."""
    recent = [at for at in abandoned_at if now - REPEATED_WITHIN <= at <= now]
    return len(recent) >= REPEATED_FROM
