"""One row each, written directly and with everything else filled in: `make_*`."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts.models import (
    ConsentClaim,
    Contact,
    ContactKey,
)
from ripresa.domain.messages.models import Decision, Message, MessageLink
from ripresa.domain.scenarios.durations import parse_duration
from ripresa.domain.scenarios.models import Recovery, Scenario, ScenarioDraft, ScenarioVersion
from ripresa.domain.scenarios.plan import Branch, Plan, SenderName, Step, Window
from ripresa.domain.shops.models import Membership, Shop

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
