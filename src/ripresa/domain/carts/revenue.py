"""Which orders count in a shop's figures, and what they brought in. No sum crosses currencies."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from ripresa.core.money import Money
from ripresa.domain.carts.models import Order

# Entered by staff, not yet paid, or paid by itself: no purchase in the storefront (CAP-9).
NOT_STOREFRONT = ("draft", "renewal", "staff")


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


def net(orders: "QuerySet[Order]") -> tuple[Money, ...]:
    """What `orders` brought in, net of refunds, one sum per currency, the largest first."""
    found = orders.values("currency").annotate(minor=Sum(F("total_minor") - F("refunded_minor")))
    return sums(found.order_by("-minor"))


def sums(rows: Iterable[Mapping[str, Any]]) -> tuple[Money, ...]:
    """Rows of (minor, currency) as money."""
    return tuple(Money(row["minor"], row["currency"]) for row in rows)
