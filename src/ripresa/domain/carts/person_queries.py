"""Reading what one person bought and left behind: the profile's Orders area (CUS-2, CUS-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q

from ripresa.core.money import Money
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.carts.queries import counts, orders_that_count

REPEATED_WITHIN = timedelta(days=30)
REPEATED_FROM = 3


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """CUS-3: one currency's orders of a person. Test, draft, renewal and staff orders stay out."""

    orders: int
    lifetime: Money

    @property
    def average(self) -> Money:
        """Lifetime value ÷ orders, rounded half up to the minor unit."""
        return Money(
            (2 * self.lifetime.minor + self.orders) // (2 * self.orders), self.lifetime.currency
        )


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


def orders_of_contact(shop_id: int, contact_id: UUID) -> list[Order]:
    """All placed orders of a person, newest first."""
    found = Order.objects.filter(shop_id=shop_id, contact_id=contact_id, placed_at__isnull=False)
    return list(found.order_by("-placed_at", "-id"))


def abandonments_of_contact(shop_id: int, contact_id: UUID) -> list[tuple[Abandonment, Cart]]:
    """What a person left behind, newest first, each with its cart as it stands now."""
    found = Abandonment.objects.filter(
        shop_id=shop_id, cart__contact_id=contact_id, cart__is_bot=False, cart__is_test=False
    ).select_related("cart")
    return [(each, each.cart) for each in found.order_by("-abandoned_at", "-id")]


def list_orders(
    shop_id: int, contact_id: UUID, *, older_than: tuple[datetime, UUID] | None, limit: int
) -> list[Order]:
    """Placed orders of a person, newest first; `older_than` is (placed_at, id) of the last one seen."""
    found = Order.objects.filter(shop_id=shop_id, contact_id=contact_id, placed_at__isnull=False)
    if older_than:
        at, order_id = older_than
        found = found.filter(Q(placed_at__lt=at) | Q(placed_at=at, id__lt=order_id))
    return list(found.order_by("-placed_at", "-id")[:limit])


def list_abandonments(
    shop_id: int, contact_id: UUID, *, older_than: tuple[datetime, UUID] | None, limit: int
) -> list[Abandonment]:
    """What a person left behind, newest first, each with its cart loaded.

    `older_than` is (abandoned_at, id) of the last one seen.
    """
    found = Abandonment.objects.filter(
        shop_id=shop_id, cart__contact_id=contact_id, cart__is_bot=False, cart__is_test=False
    )
    if older_than:
        at, row_id = older_than
        found = found.filter(Q(abandoned_at__lt=at) | Q(abandoned_at=at, id__lt=row_id))
    return list(found.select_related("cart").order_by("-abandoned_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """Two numbers of a person for a list of people, and the latest activity."""

    orders: int = 0
    abandonments: int = 0
    latest_at: datetime | None = None


def counts_of_contacts(shop_id: int, contact_ids: Sequence[UUID]) -> dict[UUID, PersonCounts]:
    """Orders that count and abandonments, for each of `contact_ids` that has any."""
    orders = orders_that_count(shop_id).filter(contact_id__in=contact_ids)
    bought = dict(orders.values_list("contact_id").annotate(number=Count("id")))
    left = (
        Abandonment.objects.filter(
            shop_id=shop_id,
            cart__contact_id__in=contact_ids,
            cart__is_bot=False,
            cart__is_test=False,
        )
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
