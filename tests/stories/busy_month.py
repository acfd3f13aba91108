"""A month of a busy shop, made up: who shops how, what is told of it, and how badly that is delivered.

Everything hangs on one seed. Shapes: hours and days of the week as shops have them, a long tail of people who
come back, two devices, households with one phone, crawlers, pages without the script, orders that name no
cart. `Told` is the truth of one event and what became of its delivery.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.events import StoreEvent

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
DAYS = 30
_HOURS = [2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 9, 9, 9, 9, 9, 10, 11, 13, 16, 18, 16, 10, 5]
_WEEKDAYS = [10, 10, 10, 10, 9, 11, 13]
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
_DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"
)
_CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
MISSED, LATE, TWICE = 0.02, 0.05, 0.03


@dataclass(frozen=True, slots=True)
class Told:
    """An event, when it arrived, and how: in time, late, twice or missed (found by asking later)."""

    event: StoreEvent
    received_at: datetime
    is_page: bool
    how: str


@dataclass(slots=True)
class Month:
    """What happened: events, the e-mail address behind each order, and the orders without a cart."""

    told: list[Told] = field(default_factory=list)
    buyer_of: dict[str, str] = field(default_factory=dict)
    without_cart: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


class Maker:
    """Makes a month of so many carts."""

    def __init__(self, carts: int, seed: int = 7) -> None:
        self._dice = random.Random(seed)
        self._carts = carts
        self._month = Month()
        self._number = 0

    def make(self) -> Month:
        """The month, in the order of arrival."""
        for number in range(self._carts):
            self._visit(number)
        self._month.told.sort(key=lambda one: (one.received_at, one.event.id))
        return self._month

    def _visit(self, number: int) -> None:
        dice = self._dice
        # One in three comes back: people are drawn from a crowd that grows with the month.
        person = int(dice.paretovariate(1.2) * 20) % max(self._carts // 3, 1)
        if dice.random() < 0.5:
            person = number
        at = self._instant()
        is_mobile = dice.random() < 0.62
        device = _PHONE if is_mobile else _DESKTOP
        is_crawler = dice.random() < 0.02
        visitor = f"v_{person}_{'m' if is_mobile else 'd'}" if not is_crawler else f"v_bot_{number}"
        token, email = f"cart_{number}", f"p{person}@example.test"
        has_script = is_crawler or dice.random() < 0.93
        page = {"visitor_id": visitor, "user_agent": _CRAWLER if is_crawler else device}
        items = self._items()
        for count in range(1, len(items) + 1) if has_script else ():
            self._tell("cart.updated", at, page=True, **page,
                       cart={"token": token, "currency": "EUR", "items": items[:count]})  # fmt: skip
            at += timedelta(seconds=dice.randint(20, 600))
        if is_crawler:
            return
        if has_script and dice.random() < 0.5:
            self._known(email)
            self._tell("contact.identified", at, page=True, **page, cart={"token": token},
                       contact={"email": email})  # fmt: skip
        if dice.random() < 0.55:
            return
        at += timedelta(seconds=dice.randint(30, 900))
        contact = self._contact(person, email)
        self._known(email)
        self._tell("checkout.started", at, contact=contact,
                   cart={"token": token, "checkout_id": f"chk_{number}"})  # fmt: skip
        if dice.random() < 0.65:
            at += timedelta(seconds=dice.randint(60, 1200) if dice.random() < 0.8 else 90_000)
            self._order(number, at, contact, items, email, has_cart=has_script)

    def _order(
        self, number: int, at: datetime, contact: dict, items: list, email: str, *, has_cart: bool
    ) -> None:
        order_id, dice = f"o_{number}", self._dice
        total = sum(item["quantity"] * float(item["unit_price"]) for item in items)
        order = {"id": order_id, "number": f"#{number}", "currency": "EUR", "total": f"{total:.2f}"}
        if dice.random() < 0.85:
            order["cart_token"] = f"cart_{number}"
        self._month.buyer_of[order_id] = email
        if not has_cart:
            self._month.without_cart.add(order_id)
        self._tell("order.placed", at, contact=contact, order=order)
        if dice.random() < 0.03:
            later = at + timedelta(hours=dice.randint(1, 72))
            self._tell("order.cancelled", later, order={"id": order_id})

    def _contact(self, person: int, email: str) -> dict:
        contact = {"email": email, "first_name": f"P{person}"}
        if person % 5 < 3:  # registered
            contact["customer_id"] = f"c_{person}"
        if self._dice.random() < 0.4:  # a phone for every two people: a household's
            contact["phone"] = f"+39333{person // 2:07d}"
        return contact

    def _known(self, email: str) -> None:
        self._month.people.add(email)

    def _instant(self) -> datetime:
        days = [BEGIN + timedelta(days=day) for day in range(DAYS)]
        day = self._dice.choices(days, [_WEEKDAYS[day.weekday()] for day in days])[0]
        [hour] = self._dice.choices(range(24), _HOURS)
        return day + timedelta(hours=hour, seconds=self._dice.randint(0, 3599))

    def _items(self) -> list[dict]:
        chosen = self._dice.sample(range(200), self._dice.choices([1, 2, 3, 4], [5, 3, 2, 1])[0])
        return [
            {"product_id": f"p{one}", "title": f"Wine {one}", "quantity": self._dice.randint(1, 3),
             "unit_price": f"{5 + one * 0.35:.2f}"}
            for one in chosen
        ]  # fmt: skip

    def _tell(self, kind: str, at: datetime, *, page: bool = False, **blocks: object) -> None:
        self._number += 1
        fields = {"id": f"e_{self._number}", "type": kind, "occurred_at": at.isoformat(), **blocks}
        event = decode_event(json.dumps(fields).encode())
        assert isinstance(event, StoreEvent), event
        self._month.told += self._delivered(event, at, page=page)

    def _delivered(self, event: StoreEvent, at: datetime, *, page: bool) -> Iterator[Told]:
        dice, soon = self._dice, at + timedelta(seconds=self._dice.randint(0, 5))
        fate = dice.random()
        if page or fate > MISSED + LATE + TWICE:
            yield Told(event, soon, page, "in time")
        elif fate < MISSED:
            yield Told(event, at + timedelta(minutes=dice.randint(10, 25)), page, "missed")
        elif fate < MISSED + LATE:
            yield Told(event, at + timedelta(minutes=dice.randint(5, 2880)), page, "late")
        else:
            yield Told(event, soon, page, "in time")
            yield Told(event, soon + timedelta(seconds=dice.randint(1, 300)), page, "twice")
