"""A shop with people, carts and a scenario, straight in the tables; and a channel that keeps what it gets."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from ripresa.contracts.channel import (
    Accepted,
    Channels,
    Fate,
    Outgoing,
    OutgoingLetter,
    OutgoingSms,
)
from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.inbox.models import InboxEvent, PendingOrderKey
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.shops.models import Shop
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from ripresa.usecases.send_messages import Post
from tests.rounds import run_due

T0 = datetime(2026, 10, 3, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LETTERHEAD = Letterhead("https://mail.shop.test", "a secret for tests only", "https://go.test")
_number = itertools.count(1)

STEPS = """\
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, send: [email], template: second_reminder}
  - {id: third, after: 7d, send: [email], template: last_reminder}
"""
ITEMS = [
    {
        "product": "p1", "variant": "red", "quantity": 2, "unit_minor": 2990, "title": "Vino",
        "url": "https://shop.test/vino", "image_url": "https://shop.test/vino.jpg",
    }
]  # fmt: skip


@dataclass
class Kept:
    """A channel that accepts all and keeps it. `answers` may say otherwise, address by address."""

    name: str = "kept"
    is_real: bool = True
    in_flight: int = 8
    mails: list[Outgoing] = field(default_factory=list)
    answers: dict[str, Fate] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def send(self, batch: Sequence[Outgoing], *, timeout: timedelta) -> list[Fate]:
        with self.lock:
            assert len(batch) <= self.in_flight
            self.mails.extend(batch)
            return [self.answers.get(address_of(one), Accepted("kept")) for one in batch]

    def close(self) -> None:
        pass

    @property
    def recipients(self) -> list[str]:
        return [address_of(mail) for mail in self.mails]


def address_of(message: Outgoing) -> str:
    match message:
        case OutgoingSms():
            return message.recipient
        case OutgoingLetter():
            return message.recipient.text
    return message.recipient.address


@dataclass
class World:
    """One shop on a virtual clock."""

    shop: Shop
    channel: Kept = field(default_factory=Kept)
    sms: Kept = field(default_factory=Kept)
    letters: Kept = field(default_factory=Kept)
    now: datetime = T0

    @property
    def shop_id(self) -> int:
        return self.shop.id

    @property
    def channels(self) -> Channels:
        return Channels(self.channel, self.sms, self.letters)

    @property
    def post(self) -> Post:
        return Post(self.channels, LETTERHEAD)

    def set(self, **values) -> None:
        Shop.objects.filter(id=self.shop_id).update(**values)
        self.shop.refresh_from_db()

    def scenario(self, name="Left", *, more="", steps=STEPS, live=True, text=None):
        text = text or f"version: 1\nname: {name}\n{more}\nsteps:\n{steps}"
        published = publish_scenario(
            shop_id=self.shop_id, text=text, file_name="test.yaml", now=self.now
        )
        if live:
            activate_scenario.activate(
                shop_id=self.shop_id, scenario_id=published.scenario_id, now=self.now
            )
        return published.scenario_id

    def contact(self, name="ada", **values) -> Contact:
        values = {
            "email": f"{name}@example.test", "first_name": name.title(), "consent_email": "granted",
            "reachable_at": self.now, **values,
        }  # fmt: skip
        contact = Contact.objects.create(
            shop_id=self.shop_id, id=new_id(self.now), created_at=self.now, **values
        )
        if contact.email:
            ContactKey.objects.create(
                shop_id=self.shop_id, key=f"email:{contact.email}", contact_id=contact.id
            )
        return contact

    def cart(self, contact=None, token=None, **values) -> Cart:
        """An open cart that was left now and is due when the shop's time has passed."""
        token = token or f"w_cart_{next(_number)}"  # none that tests/events.py names
        values = {
            "state": "open", "kind": "cart", "left_at": self.now, "reachable_at": self.now,
            "due_at": self.now + self.shop.abandoned_after, "checkout_id": f"chk_{token}", **values,
        }  # fmt: skip
        return Cart.objects.create(
            shop_id=self.shop_id, id=new_id(self.now), source="shop", token=token, generation=1,
            contact_id=contact and contact.id, currency="EUR", total_minor=5980, item_count=2,
            items=ITEMS, is_bot=values.pop("is_bot", False), is_test=values.pop("is_test", False),
            begun_at=self.now, newest_at=self.now, newest_event="e1", **values,
        )  # fmt: skip

    def accept_order(self, *keys: str):
        """An order whose 202 was answered and which the fold has not read."""
        inbox_id = new_id(self.now)
        InboxEvent.objects.create(
            shop_id=self.shop_id, id=inbox_id, source="shop", external_id=str(inbox_id),
            type="order.placed", trusted=True, occurred_at=self.now, received_at=self.now,
            payload="{}",
        )  # fmt: skip
        for key in keys:
            PendingOrderKey.objects.create(shop_id=self.shop_id, key=key, inbox_id=inbox_id)
        return inbox_id

    def order(self, contact, **values):
        """A folded order that left every cart as it was."""
        number = next(_number)
        values = {"placed_at": self.now, "total_minor": 1000, "currency": "EUR", **values}
        return Order.objects.create(
            shop_id=self.shop_id, id=new_id(self.now), source="shop", external_id=f"w_{number}",
            contact_id=contact.id, **values,
        )  # fmt: skip

    def run(self, now=None) -> int:
        """Everything that is due at `now`, until nothing is."""
        self.now = now or self.now
        done = 0
        while share := run_due(now=self.now, channels=self.channels, letterhead=LETTERHEAD):
            done += share
        return done

    def run_until(self, end: datetime) -> None:
        """Let the clock run from due instant to due instant."""
        while (instant := self.next_due()) is not None and instant <= end:
            self.run(max(instant, self.now))
        self.now = end

    def next_due(self) -> datetime | None:
        found = [
            model.objects.filter(shop_id=self.shop_id, due_at__isnull=False)
            .order_by("due_at")
            .values_list("due_at", flat=True)
            .first()
            for model in (Cart, Recovery, Message)
        ]
        return min((one for one in found if one is not None), default=None)

    def trail(self, *columns: str):
        """The decisions in order, as (hours since T0, step, outcome, reason) or the columns named."""
        rows = Decision.objects.filter(shop_id=self.shop_id).order_by("at", "step", "id")
        if columns:
            return list(rows.values_list(*columns))
        return [
            ((at - T0) / HOUR, step, outcome, reason)
            for at, step, outcome, reason in rows.values_list("at", "step", "outcome", "reason")
        ]

    def states(self, model=Message):
        return sorted(model.objects.filter(shop_id=self.shop_id).values_list("state", flat=True))


def make_world(**values) -> World:
    number = next(_number)
    values = {"owner_email": "owner@shop.test", "store_url": "https://shop.test", **values}
    shop = Shop.objects.create(
        slug=f"world-{number}",
        name="Bottega",
        created_at=T0,
        **{"volume_limit": 1_000_000, **values},
    )
    return World(shop)
