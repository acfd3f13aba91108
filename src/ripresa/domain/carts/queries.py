"""Reading carts: the list, its figures, one cart, and which orders count.

No sum crosses currencies.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Value

from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import VisitKey

# Entered by staff, not yet paid, or paid by itself: no purchase in the storefront (CAP-9).
NOT_STOREFRONT = ("draft", "renewal", "staff")


@dataclass(frozen=True, slots=True)
class CartFilter:
    """Which carts of a shop. None or empty: no restriction. `left_until` is exclusive."""

    states: tuple[str, ...] = ()
    kind: str | None = None
    left_from: datetime | None = None
    left_until: datetime | None = None
    value_from: Money | None = None
    buyer: str = ""
    contact_id: UUID | None = None

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
        if self.contact_id:
            found = found.filter(contact_id=self.contact_id)
        if self.buyer:
            found = found.filter(contact_id__in=contacts.search(shop_id, self.buyer).values("id"))
        return found


@dataclass(frozen=True, slots=True)
class CartFigures:
    """RPT-1 and RPT-2 over the carts of a filter.

    `abandoned`: carts abandoned at least once; `recovered`: those of them that ended in an order.
    """

    abandoned: int
    recovered: int
    abandoned_value: tuple[Money, ...]
    recovered_revenue: tuple[Money, ...]

    @property
    def recovered_share(self) -> float | None:
        """Recovered ÷ abandoned; None where nothing was abandoned."""
        return self.recovered / self.abandoned if self.abandoned else None

    @property
    def value_shares(self) -> tuple[tuple[float, str], ...]:
        """Recovered revenue ÷ abandoned value, with the currency in which both are."""
        revenue = {one.currency: one.minor for one in self.recovered_revenue}
        return tuple(
            (revenue.get(one.currency, 0) / one.minor, one.currency)
            for one in self.abandoned_value
            if one.minor
        )


def currencies_of(shop_id: int, cart_ids: Collection[UUID]) -> dict[UUID, str | None]:
    """In which currency each of some carts is; of an empty one nobody knows."""
    found = Cart.objects.filter(shop_id=shop_id, id__in=cart_ids)
    return dict(found.values_list("id", "currency"))


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
    # One walk over the carts for numbers and sums: where there are many, it is what the page costs.
    rows = list(
        carts.values("currency")
        .annotate(
            minor=Sum("total_minor"),
            abandoned=Count(Value(1)),
            recovered=Count(Value(1), filter=Q(state="recovered")),
        )
        .order_by("-minor")
    )
    orders = orders_that_count(shop_id).filter(
        id__in=carts.filter(state="recovered").values("order_id")
    )
    return CartFigures(
        abandoned=sum(row["abandoned"] for row in rows),
        recovered=sum(row["recovered"] for row in rows),
        abandoned_value=_sums(rows),
        recovered_revenue=net_revenue(orders),
    )


def recovered_since(shop_id: int, since: datetime) -> tuple[int, tuple[Money, ...]]:
    """Carts recovered by an order placed from `since` on, and what those orders brought in."""
    rows = query.run("ripresa.domain.carts", "recovered_since", shop_id=shop_id, since=since)
    revenue = [Money(minor, currency) for currency, _, minor in rows if currency is not None]
    return sum(carts for _, carts, _ in rows), tuple(revenue)


def find_cart(shop_id: int, cart_id: UUID) -> Cart | None:
    """One cart of this shop."""
    return Cart.objects.filter(shop_id=shop_id, id=cart_id).first()


def carts_by_id(shop_id: int, cart_ids: Sequence[UUID]) -> dict[UUID, Cart]:
    """These carts of this shop by id."""
    return {cart.id: cart for cart in Cart.objects.filter(shop_id=shop_id, id__in=cart_ids)}


def find_cart_by_token(shop_id: int, token: str) -> Cart | None:
    """The latest cart under a token: one used again after its order starts a new generation.

    Also under one that it was given when it was restored.
    """
    went_on = VisitKey.objects.filter(shop_id=shop_id, key=f"token:{token}")
    visits = went_on.filter(visit__startswith="token:").values_list("visit", flat=True)
    tokens = [token, *(visit.removeprefix("token:") for visit in visits)]
    found = Cart.objects.filter(shop_id=shop_id, token__in=tokens)
    return found.order_by("-begun_at", "-id").first()


def tokens_of_checkouts(
    shop_id: int, source: str, checkout_ids: Collection[str]
) -> dict[str, list[str]]:
    """The tokens under which carts of these checkouts are known, the cart begun first before others."""
    found: dict[str, list[str]] = {}
    carts = Cart.objects.filter(shop_id=shop_id, source=source, checkout_id__in=checkout_ids)
    for checkout_id, token in carts.order_by("begun_at", "id").values_list("checkout_id", "token"):
        found.setdefault(str(checkout_id), []).append(token)
    return found


def find_order(shop_id: int, order_id: UUID | None) -> Order | None:
    """One order of this shop."""
    if order_id is None:
        return None
    return Order.objects.filter(shop_id=shop_id, id=order_id).first()


def list_abandonments(shop_id: int, cart_id: UUID) -> list[Abandonment]:
    """The abandonments of a cart, oldest first."""
    found = Abandonment.objects.filter(shop_id=shop_id, cart_id=cart_id)
    return list(found.order_by("abandoned_at"))


def counts(order: Order) -> bool:
    """Whether an order counts: placed, standing (CAP-7), no test, bought in the storefront."""
    return (
        order.placed_at is not None
        and order.currency is not None
        and order.cancelled_at is None
        and not order.is_test
        and order.origin not in NOT_STOREFRONT
        and not 0 < order.total_minor <= order.refunded_minor
    )


def orders_that_count(shop_id: int) -> "QuerySet[Order]":
    """The orders of a shop that count: the same rule as `counts`."""
    return (
        Order.objects.filter(
            shop_id=shop_id,
            placed_at__isnull=False,
            currency__isnull=False,
            cancelled_at__isnull=True,
            is_test=False,
        )
        .exclude(origin__in=NOT_STOREFRONT)
        .exclude(Q(total_minor__gt=0) & Q(refunded_minor__gte=F("total_minor")))
    )


def net_revenue(orders: "QuerySet[Order]") -> tuple[Money, ...]:
    """What `orders` brought in, net of refunds, one sum per currency, the largest first."""
    found = orders.values("currency").annotate(minor=Sum(F("total_minor") - F("refunded_minor")))
    return _sums(found.order_by("-minor"))


def _sums(rows: Iterable[Mapping[str, Any]]) -> tuple[Money, ...]:
    """Rows of (minor, currency) as money."""
    return tuple(Money(row["minor"], row["currency"]) for row in rows)
