"""The personas: Ada's shop, Ben the buyer, Cleo who unsubscribed, Dan of another shop who must never see anything.

`build_world` makes the people and their story. All rows are written directly (tests/rows.py), so that a page is
tested without the machinery that fills its tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.models import (
    Contact,
    PhoneClaim,
    Suppression,
)
from ripresa.domain.deals import opening
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Message, MessageContent, Sender
from ripresa.domain.messages.wording import pack
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases.templates import own_templates
from tests.rows import (
    DAY,
    HOUR,
    T0,
    make_cart,
    make_consent,
    make_contact,
    make_draft,
    make_message,
    make_order,
    make_recovery,
    make_scenario,
    make_shop,
    make_user,
    wine,
)


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
