"""The personas: Ada's shop, Ben the buyer, Cleo who unsubscribed, Dan of another shop who must never see anything.

`make_*` writes one row with everything else filled in; `build_world` makes the people and their story.
All rows are written directly, so that a page is tested without the machinery that fills its tables.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts.models import (
    ConsentClaim,
    Contact,
    ContactKey,
    PhoneClaim,
    Suppression,
)
from ripresa.domain.deals import opening
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Decision, Message, MessageContent, MessageLink, Sender
from ripresa.domain.messages.wording import pack
from ripresa.domain.scenarios.durations import parse_duration
from ripresa.domain.scenarios.models import Recovery, Scenario, ScenarioDraft, ScenarioVersion
from ripresa.domain.scenarios.plan import Branch, Plan, SenderName, Step, Window
from ripresa.domain.shops.models import Membership, Shop
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases import own_templates

if TYPE_CHECKING:
    from collections.abc import Sequence

T0 = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PASSWORD = "Correct-Horse-7"

SCENARIO_TEXT = """\
version: 1
name: Left in the cart
trigger: {on: cart, idle: 24h}
legal_basis: consent
limits: {not_more_often_than: 24h, not_after_order: 7d}
quiet_hours:
  email: {from: "09:00", until: "20:00"}
languages: {mode: single, default: it}
sender: {name: Ada's Wines, email: ciao@wines.test}
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, send: [email], template: second_reminder}
  - {id: last, after: 7d, send: [email], template: last_reminder}
"""

TEST_TEXT = """\
test:
  name: offer
  arms:
    - {name: plain, share: 0.5}
    - {name: other, share: 0.5, steps: {first: {after: 4h, template: last_reminder}}}
"""


def wine(title: str = "Barolo", quantity: int = 1, unit_minor: int = 2990) -> dict[str, Any]:
    """One line as the fold stores it in `cart.items`."""
    return {
        "product": title.lower(), "variant": "0,75 l", "quantity": quantity, "unit_minor": unit_minor,
        "title": title, "url": "", "image_url": "", "categories": ["wine"], "sku": f"W-{title[:3].upper()}",
    }  # fmt: skip


def make_shop(slug: str, name: str, **values: Any) -> Shop:
    host = f"{slug}.test"
    made = {"store_url": f"https://{host}/", "hosts": [host], "created_at": T0 - 90 * DAY}
    return Shop.objects.create(slug=slug, name=name, **{**made, **values})


def make_user(name: str, shop: Shop | None = None, role: str = "owner", **values: Any) -> User:
    # One round: nobody's password is worth 700 ms of every test.
    encoded = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
    user = User.objects.create(username=name, password=encoded, **values)
    if shop is not None:
        Membership.objects.create(shop=shop, id=new_id(T0), user=user, role=role)
    return user


def make_contact(shop: Shop, email: str | None = None, **values: Any) -> Contact:
    at = values.pop("created_at", T0 - 30 * DAY)
    contact = Contact.objects.create(
        shop=shop, id=new_id(at), email=email, reachable_at=at, created_at=at, **values
    )
    for key in filter(
        None,
        (email and f"email:{email}", contact.customer_id and f"customer:{contact.customer_id}"),
    ):
        ContactKey.objects.create(shop=shop, key=key, contact_id=contact.id, reachable_at=at)
    return contact


def make_cart(
    shop: Shop,
    contact: Contact | None,
    *,
    left_at: datetime,
    state: str = "abandoned",
    items: Sequence[dict[str, Any]] = (),
    order: Order | None = None,
    **values: Any,
) -> Cart:
    """A cart as the fold leaves it; abandoned an hour after it was left unless it is open or ordered."""
    lines = list(items) or [wine(quantity=2)]
    was_left = state in {"abandoned", "recovered", "expired", "closed"}
    made = {
        "id": new_id(left_at), "source": "shop", "generation": 1, "kind": "cart", "currency": "EUR",
        "total_minor": sum(each["quantity"] * each["unit_minor"] for each in lines),
        "item_count": sum(each["quantity"] for each in lines), "items": lines,
        "is_bot": False, "is_test": False, "begun_at": left_at - HOUR, "left_at": left_at,
        "newest_at": left_at, "newest_event": "e", "abandoned_at": left_at + HOUR if was_left else None,
        "order_id": order.id if order else None, "ended_at": order.placed_at if order else None,
    }  # fmt: skip
    made.update(values)
    made.setdefault("token", f"cart_{made['id'].hex[-12:]}")
    cart = Cart.objects.create(
        shop=shop, contact_id=contact.id if contact else None, state=state, **made
    )
    if cart.abandoned_at is not None:
        make_abandonment(cart, cart.abandoned_at)
    return cart


def make_abandonment(cart: Cart, at: datetime) -> Abandonment:
    return Abandonment.objects.create(
        shop_id=cart.shop_id, id=new_id(at), cart_id=cart.id, abandoned_at=at, left_at=at - HOUR,
        kind=cart.kind, currency=cart.currency, total_minor=cart.total_minor,
        item_count=cart.item_count, items=cart.items,
    )  # fmt: skip


def make_order(
    shop: Shop, contact: Contact | None, *, placed_at: datetime, total_minor: int, **values: Any
) -> Order:
    made = {"source": "shop", "currency": "EUR", "id": new_id(placed_at)}
    made.update(values)
    made.setdefault("external_id", f"o_{made['id'].hex[-8:]}")
    return Order.objects.create(
        shop=shop, contact_id=contact.id if contact else None, placed_at=placed_at,
        content_at=placed_at, total_minor=total_minor, **made,
    )  # fmt: skip


def make_plan(name: str = "Left in the cart") -> Plan:
    """The plan that SCENARIO_TEXT describes."""
    steps = [("first", "0h", "abandoned", "reminder"), ("second", "2d", "previous", "second_reminder"),
             ("last", "7d", "previous", "last_reminder")]  # fmt: skip
    return Plan(
        name=name,
        language="it",
        languages=("it",),
        branches=(
            Branch(
                "everyone",
                tuple(
                    Step(step, parse_duration(after), base, ("email",), template)  # type: ignore[arg-type]
                    for step, after, base, template in steps
                ),
            ),
        ),
        legal_basis="consent",
        not_more_often_than=parse_duration("24h"),
        not_after_order=parse_duration("7d"),
        quiet_hours={"email": Window(9 * 60, 20 * 60)},
        sender=SenderName("Ada's Wines", "ciao@wines.test"),
    )


def make_scenario(shop: Shop, name: str, state: str = "live", **values: Any) -> Scenario:
    at = T0 - 20 * DAY
    scenario_id, version_id = new_id(at), new_id(at)
    scenario = Scenario.objects.create(
        shop=shop, id=scenario_id, version_id=version_id, name=name, state=state, created_at=at,
        activated_at=None if state == "draft" else at, **values,
    )  # fmt: skip
    ScenarioVersion.objects.create(
        shop=shop, id=version_id, scenario_id=scenario_id, number=1, text=SCENARIO_TEXT,
        plan=msgspec.to_builtins(make_plan(name)), created_at=at,
    )  # fmt: skip
    return scenario


def make_draft(shop: Shop, at: datetime, text: str = "", **values: Any) -> ScenarioDraft:
    """A scenario that Ada is still writing, right as it stands."""
    made = {"name": "Come back", "saved_by": "ada@wines.test", "saved_at": at}
    text = text or SCENARIO_TEXT.replace("Left in the cart", "Come back") + TEST_TEXT
    return ScenarioDraft.objects.create(shop=shop, id=new_id(at), text=text, **{**made, **values})


def make_recovery(scenario: Scenario, cart: Cart, state: str = "active", **values: Any) -> Recovery:
    assert cart.contact_id is not None
    assert cart.abandoned_at is not None
    taken = cart.left_at + 24 * HOUR
    made = {
        "due_at": taken if state == "waiting" else None,
        "taken_up_at": None if state == "waiting" else taken,
        "ended_at": None if state in {"waiting", "active"} else taken,
    }
    made.update(values)
    return Recovery.objects.create(
        shop_id=cart.shop_id, id=new_id(cart.abandoned_at), scenario_id=scenario.id,
        version_id=scenario.version_id, cart_id=cart.id, contact_id=cart.contact_id, state=state,
        left_at=cart.left_at, abandoned_at=cart.abandoned_at, branch="everyone", **made,
    )  # fmt: skip


def make_message(
    recovery: Recovery, step: int, state: str, at: datetime, reason: str | None = None
) -> Message:
    """The message of a step (1 to 3) with the decision that settled it."""
    name = ("first", "second", "last")[step - 1]
    went_out = state in {"sending", "sent", "unknown"}
    contact = Contact.objects.get(shop_id=recovery.shop_id, id=recovery.contact_id)
    message = Message.objects.create(
        shop_id=recovery.shop_id, id=new_id(at), origin_kind="recovery", origin_id=recovery.id,
        step=name, step_number=step, channel="email", contact_id=recovery.contact_id,
        cart_id=recovery.cart_id, template="reminder", state=state, reason=reason, planned_for=at,
        due_at=at if state == "planned" else None, handed_over_at=at if went_out else None,
        departed_at=at if went_out else None,
        settled_at=None if state in {"planned", "sending"} else at,
        lease_until=at + HOUR if state == "sending" else None,
        to_address=contact.email if went_out else None,
        subject="Hai lasciato qualcosa nel carrello" if went_out else None,
    )  # fmt: skip
    if reason is not None:
        Decision.objects.create(
            shop_id=recovery.shop_id, id=new_id(at), at=at, origin_kind="recovery",
            origin_id=recovery.id, message_id=message.id, step=name, channel="email", outcome=state,
            reason=reason, to_address=message.to_address, subject=message.subject,
        )  # fmt: skip
    return message


def make_link(message: Message, purpose: str, token: str, *, expires_at: datetime) -> str:
    """A link as it stands in a mail: `<shop id>-<token>`."""
    MessageLink.objects.create(
        shop_id=message.shop_id, token_hash=hashlib.sha256(token.encode()).digest(), purpose=purpose,
        message_id=message.id, expires_at=expires_at,
    )  # fmt: skip
    return f"{message.shop_id}-{token}"


def make_consent(shop: Shop, key: str, state: str, at: datetime, **values: Any) -> ConsentClaim:
    made = {"channel": "email", "proven": True, "source": "checkout", "text": ""}
    return ConsentClaim.objects.create(
        shop=shop, key=key, state=state, earliest_at=at, latest_at=at, latest_event="e", **{**made, **values}
    )  # fmt: skip


@dataclass(slots=True)
class World:
    """Handles to what `build_world` made. Ids of rows that Dan must never see are in `hidden`."""

    shop: Shop
    other_shop: Shop
    ada: User
    vera: User
    dan: User
    ben: Contact
    cleo: Contact
    ben_cart: Cart
    ben_recovered: Cart
    ben_order: Order
    cleo_cart: Cart
    scenario: Scenario
    draft: Scenario
    sent: Message
    cleo_sent: Message
    sender: Sender
    dans_cart: Cart
    written: ScenarioDraft

    @property
    def hidden(self) -> dict[str, UUID]:
        """Rows of Ada's shop by the name of their page."""
        return {
            "cart": self.ben_cart.id,
            "customer": self.ben.id,
            "scenario": self.scenario.id,
            "sender": self.sender.id,
            "draft": self.written.id,
        }


def build_world(now: datetime = T0) -> World:
    """Ada's shop with Ben, who left three carts and bought one, and Cleo, who unsubscribed; and Dan's shop."""
    shop = make_shop("wines", "Ada's Wines", owner_email="ada@wines.test", language="it")
    other = make_shop("bikes", "Dan's Bikes", currency="RON", timezone="Europe/Bucharest")
    scenario = make_scenario(shop, "Left in the cart")
    draft = make_scenario(shop, "Left at the checkout", "draft")
    ben, ben_rows = _ben(shop, scenario, now)
    cleo, cleo_cart, cleo_sent = _cleo(shop, scenario, now)
    dans_buyer = make_contact(other, "ben@mail.test", first_name="Ben", last_name="Rossi")
    return World(
        shop=shop,
        other_shop=other,
        ada=make_user("ada@wines.test", shop),
        vera=make_user("vera@wines.test", shop, "viewer"),
        dan=make_user("dan@bikes.test", other),
        ben=ben,
        cleo=cleo,
        cleo_cart=cleo_cart,
        scenario=scenario,
        draft=draft,
        cleo_sent=cleo_sent,
        sender=Sender.objects.create(
            shop=shop,
            id=new_id(now),
            name="Ada's Wines",
            email="ciao@wines.test",
            paused_at=now - 2 * HOUR,
            paused_reason="550 5.7.1 refused for policy",
        ),
        written=make_draft(shop, now),
        dans_cart=make_cart(other, dans_buyer, left_at=now - 5 * HOUR, currency="RON"),
        **ben_rows,
    )


def _ben(shop: Shop, scenario: Scenario, now: datetime) -> tuple[Contact, dict[str, Any]]:
    ben = make_contact(
        shop, "ben@mail.test", first_name="Ben", last_name="Rossi", phone="+393331234567",
        customer_id="c_77", locale="it-IT", timezone="Europe/Rome", consent_email="granted",
        created_at=now - 60 * DAY,
        address={"lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma", "country": "IT"},
    )  # fmt: skip
    make_consent(shop, "email:ben@mail.test", "granted", now - 60 * DAY, text="Yes, write to me.")
    at = now - 12 * DAY
    PhoneClaim.objects.create(
        shop=shop, phone="+393331234567", key="email:anna@mail.test", earliest_at=at - DAY,
        latest_at=at - DAY, latest_event="e1",
    )  # fmt: skip
    PhoneClaim.objects.create(
        shop=shop, phone="+393331234567", key="email:ben@mail.test", earliest_at=at, latest_at=at,
        latest_event="e2",
    )  # fmt: skip
    order = make_order(shop, ben, placed_at=now - 6 * DAY, total_minor=9820, number="#1012",
                       refunded_minor=820)  # fmt: skip
    make_order(shop, ben, placed_at=now - 40 * DAY, total_minor=5000, number="#0900")
    make_order(shop, ben, placed_at=now - 39 * DAY, total_minor=7000, number="#0901",
               cancelled_at=now - 38 * DAY)  # fmt: skip
    make_order(
        shop, ben, placed_at=now - 20 * DAY, total_minor=99900, number="#0950", origin="staff"
    )
    make_order(shop, ben, placed_at=now - 19 * DAY, total_minor=1234, number="#0951", is_test=True)
    make_order(
        shop, ben, placed_at=now - 50 * DAY, total_minor=12000, number="#0800", currency="USD"
    )
    recovered = make_cart(
        shop, ben, left_at=now - 8 * DAY, state="recovered", order=order, kind="checkout",
        items=[wine("Barolo", 2), wine("Chianti", 1, 1990)], cause="own",
    )  # fmt: skip
    run = make_recovery(
        scenario, recovered, "cancelled", reason="ordered", ended_at=order.placed_at
    )
    sent = make_message(run, 1, "sent", now - 7 * DAY, "due")
    make_message(run, 2, "cancelled", now - 6 * DAY, "ordered")
    make_message(run, 3, "cancelled", now - 6 * DAY + timedelta(seconds=1), "ordered")
    MessageContent.objects.create(
        shop=shop, id=sent.id, subject=sent.subject or "", words=pack(
        '<!doctype html><html lang="it"><title>Ciao</title><body style="color:#123456">Ciao Ben</body></html>',
        "Ciao Ben",
    ))  # fmt: skip
    cart = make_cart(shop, ben, left_at=now - 26 * HOUR, items=[wine("Amarone", 1, 4900)])
    active = make_recovery(scenario, cart)
    make_message(active, 1, "planned", now + HOUR)
    make_message(active, 2, "planned", now + 2 * DAY)
    make_cart(shop, ben, left_at=now - 3 * DAY, state="closed", order=order, items=[wine("Soave")])
    return ben, {
        "ben_cart": cart, "ben_recovered": recovered, "ben_order": order, "sent": sent,
    }  # fmt: skip


def _cleo(shop: Shop, scenario: Scenario, now: datetime) -> tuple[Contact, Cart, Message]:
    cleo = make_contact(shop, "cleo@mail.test", first_name="Cleo", consent_email="denied")
    make_consent(shop, "email:cleo@mail.test", "granted", now - 30 * DAY)
    make_consent(shop, "email:cleo@mail.test", "denied", now - 4 * DAY, source="unsubscribe link")
    Suppression.objects.create(
        shop=shop, id=new_id(now - 3 * DAY), channel="email", address="cleo@mail.test",
        cause="complaint", detail="reported as spam", created_at=now - 3 * DAY,
    )  # fmt: skip
    cart = make_cart(shop, cleo, left_at=now - 6 * DAY, items=[wine("Prosecco", 6, 1250)])
    run = make_recovery(scenario, cart, "cancelled", reason="unsubscribed", ended_at=now - 4 * DAY)
    sent = make_message(run, 1, "sent", now - 5 * DAY, "due")
    make_message(run, 2, "cancelled", now - 4 * DAY, "unsubscribed")
    return cleo, cart, sent


def template_of(world: World) -> OwnTemplate:
    """A text of Ada's own, begun when somebody first asks for it."""
    found = own_templates.list_templates(world.shop.id)
    return found[0] if found else own_templates.begin(
        shop=world.shop, name="ours", preset="reminder", who="ada@wines.test", now=T0
    )  # fmt: skip


def deal_of(world: World, cart: Cart | None = None, stage: str = "check_out_abandoned") -> Deal:
    """The deal about a cart, Cleo's if none is named: opened when somebody first asks for it."""
    cart = cart or world.cleo_cart
    found = Deal.objects.filter(shop_id=cart.shop_id, cart_id=cart.id).first()
    if found is None:
        assert cart.contact_id is not None
        worth = Money(cart.total_minor, cart.currency)
        wanted = opening.Wanted(cart.id, cart.contact_id, stage, worth, "IT")
        opening.open_deals(shop_id=cart.shop_id, wanted=[wanted], now=cart.left_at + 25 * HOUR)
        found = Deal.objects.get(shop_id=cart.shop_id, cart_id=cart.id)
    return found


def fill(shop: Shop, scenario: Scenario, count: int, now: datetime) -> list[Cart]:
    """`count` more carts in every state, for pages that must stay fast and readable when full."""
    names = [
        "Livia Bianchi",
        "Marco De Luca",
        "Ștefan Ionescu",
        "Анна Петрова",
        "Jürgen Weiß",
        "Zoë Ng",
    ]
    wines = ["Barolo", "Chianti Classico Riserva", "Soave", "Nero d'Avola", "Primitivo"]
    states = ["abandoned", "recovered", "abandoned", "expired", "abandoned", "closed", "open"]
    carts = []
    for number in range(count):
        first, _, last = names[number % len(names)].partition(" ")
        at = now - timedelta(hours=7 * number + 2)
        contact = make_contact(
            shop, f"{first.lower()}.{number}@mail.test", first_name=first, last_name=last,
            created_at=at - DAY, consent_email=("granted", "unknown")[number % 2],
        )  # fmt: skip
        state = states[number % len(states)]
        items = [
            wine(wines[(number + each) % 5], 1 + each, 1190 + 700 * each)
            for each in range(1 + number % 4)
        ]
        order = None
        if state == "recovered":
            order = make_order(
                shop, contact, placed_at=at + 30 * HOUR, total_minor=4000 + 10 * number
            )
        cart = make_cart(
            shop, contact, left_at=at, state=state, items=items, order=order,
            kind=("cart", "checkout")[number % 3 == 0], cause="own" if order else None,
        )  # fmt: skip
        if state == "recovered":
            run = make_recovery(scenario, cart, "done")
            make_message(run, 1, "sent", at + 24 * HOUR, "due")
        elif state == "abandoned" and number % 4 == 0:
            run = make_recovery(scenario, cart)
            make_message(run, 1, "skipped", at + 24 * HOUR, "no_consent")
        carts.append(cart)
    return carts
