"""Send one message for one cart by hand (SCN-14): look what stands against it, then plan it, due now.

It is decided, claimed and sent by the same hand-over as every other message, so all its guards hold. To
look is to try: the message is planned and decided in a transaction that is taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.queries import find_cart
from ripresa.domain.contacts import locking
from ripresa.domain.coupons.pools import get_pool
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.sending.by_hand import (
    CAPS,
    OVERRIDES,
    QUIET_HOURS,
    Asking,
    plan_by_hand,
    plan_message,
    plan_that_has,
)
from ripresa.domain.scenarios.sending.due_messages import list_due
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.hand_over import open_desk
from ripresa.usecases.sending.offers import reserve_codes
from ripresa.usecases.sending.turns import turns_of

CHANNELS = ("email", "sms", "letter")
_OVERRIDE_OF = {Reason.CAP: CAPS, Reason.QUIET_HOURS: QUIET_HOURS}


class NoSuchCart(Exception):
    """The shop has no such cart."""


class NobodyThere(Exception):
    """Nobody is known behind the cart."""


class NotAsked(Exception):
    """What is asked for makes no sense; `field` says which part, the message why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to send. `pool`: where a coupon comes from; `overrides` of OVERRIDES."""

    cart_id: UUID
    template: str
    asked_by: str
    channel: str = "email"
    pool: str | None = None
    overrides: tuple[str, ...] = ()


class Obstacle(NamedTuple):
    """What stands against it. `until`: it holds the message back no longer than that; None: for good.

    `override`: what to override, where one may.
    """

    reason: Reason
    until: datetime | None = None
    override: str | None = None


class Look(NamedTuple):
    """What would become of it: `to` whom it goes, in which language, and what stands against it."""

    to: str | None
    language: str | None
    obstacles: tuple[Obstacle, ...]

    @property
    def is_possible(self) -> bool:
        """Whether it goes at all, now or once what holds it back is over."""
        return all(one.until is not None for one in self.obstacles)


class NotPossible(Exception):
    """It must not be sent; `look` says why."""

    def __init__(self, look: Look) -> None:
        reasons = ", ".join(one.reason.value for one in look.obstacles if one.until is None)
        super().__init__(f"this can't be sent by hand: {reasons}")
        self.look = look


class Planned(NamedTuple):
    """The message that was planned, and what was seen when it was."""

    message_id: UUID
    look: Look


def look(*, shop_id: int, wanted: Wanted, now: datetime) -> Look:
    """What would become of it if it was sent now; changes nothing.

    Raises NoSuchCart, NobodyThere,
    NotAsked, NoSuchPool.
    """
    with transaction.atomic():
        cart = _locked(shop_id, wanted.cart_id)
        shop = Shop.objects.get(id=shop_id)
        return _look(shop, cart, wanted, now)


def send_by_hand(*, shop_id: int, wanted: Wanted, now: datetime) -> Planned:
    """Plan it, due now: it leaves in the next round, or when what holds it back is over.

    Raises NoSuchCart, NobodyThere, NotAsked, NoSuchPool, NotPossible; then nothing was planned.
    """
    with transaction.atomic():
        cart = _locked(shop_id, wanted.cart_id)
        shop = Shop.objects.get(id=shop_id)
        seen = _look(shop, cart, wanted, now)
        if not seen.is_possible:
            raise NotPossible(seen)
        return Planned(_plan(shop, cart, wanted, now), seen)


def _locked(shop_id: int, cart_id: UUID) -> Cart:
    """The cart, its person locked: as hand-over does, so that neither overtakes the other."""
    cart = _find(shop_id, cart_id)
    while True:
        contact_id = cart.contact_id
        locking.lock(shop_id=shop_id, contact_ids=[contact_id] if contact_id else [])
        cart = _find(shop_id, cart_id)
        if cart.contact_id == contact_id:
            return cart  # else a merge was faster


def _find(shop_id: int, cart_id: UUID) -> Cart:
    cart = find_cart(shop_id, cart_id)
    if cart is None:
        raise NoSuchCart(str(cart_id))
    return cart


def _look(shop: Shop, cart: Cart, wanted: Wanted, now: datetime) -> Look:
    """Try, and each time that something may be overridden, try once more without it."""
    if cart.contact_id is None:
        raise NobodyThere("nobody is known behind this cart")
    obstacles: list[Obstacle] = []
    while True:
        tried = _try(shop, cart, wanted, now)
        obstacles += tried.obstacles
        held = next((one.override for one in tried.obstacles if one.override), None)
        if held is None:
            return Look(tried.to, tried.language, tuple(obstacles))
        wanted = Wanted(
            wanted.cart_id,
            wanted.template,
            wanted.asked_by,
            wanted.channel,
            wanted.pool,
            (*wanted.overrides, held),
        )


def _try(shop: Shop, cart: Cart, wanted: Wanted, now: datetime) -> Look:
    with _taken_back():
        message_id = _plan(shop, cart, wanted, now)
        contact_ids = [cart.contact_id] if cart.contact_id else []
        turns = turns_of(shop, list_due(shop_id=shop.id, contact_ids=contact_ids, now=now), now)
        [own] = [turn for turn in turns if turn.message.id == message_id]
        if own.message.awaits_fold:
            return Look(None, None, (Obstacle(Reason.ORDERED),))
        desk = open_desk(shop, turns, contact_ids, now)
        for turn in turns[: turns.index(own) + 1]:  # what is due before it is decided before it
            desk.take(turn)
        reserve_codes(desk)
        for verdict in desk.verdicts:
            reason = verdict.reason
            if verdict.message_id == message_id and reason is not None:
                stands = Obstacle(reason, verdict.due_at, _OVERRIDE_OF.get(reason))
                return Look(verdict.to_address, None, (stands,))
        ready = next((one for one in desk.ready if one.turn.message.id == message_id), None)
        if ready is None:  # something is on its way to her at this moment, and comes first
            return Look(None, None, ())
        return Look(ready.to.text, ready.language, ())


@contextmanager
def _taken_back() -> Iterator[None]:
    """Whatever is written inside is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _plan(shop: Shop, cart: Cart, wanted: Wanted, now: datetime) -> UUID:
    if cart.contact_id is None:
        raise NobodyThere("nobody is known behind this cart")
    asking = Asking(wanted.channel, wanted.asked_by, wanted.pool, wanted.overrides)
    return plan_message(
        shop_id=shop.id,
        cart_id=cart.id,
        contact_id=cart.contact_id,
        plan=_plan_of(shop, cart, wanted, asking),
        asking=asking,
        now=now,
    )


def _plan_of(shop: Shop, cart: Cart, wanted: Wanted, asking: Asking) -> Plan:
    """The plan of it. Raises NotAsked for what makes no sense, NoSuchPool."""
    texts = Texts(shop.id)
    presets = {one.name: one for one in texts.list_all() if wanted.channel in one.channels}
    if wanted.channel not in CHANNELS:
        raise NotAsked("channel", f"a channel is one of {', '.join(CHANNELS)}")
    if wanted.template not in presets:
        there = ", ".join(presets)
        raise NotAsked("template", f"there is no template {wanted.template!r}; there is: {there}")
    if unknown := set(wanted.overrides) - set(OVERRIDES):
        raise NotAsked("overrides", f"{min(unknown)!r} is none of {', '.join(OVERRIDES)}")
    if wanted.pool is not None:
        get_pool(shop.id, wanted.pool)
    plan = plan_by_hand(
        asking, presets[wanted.template], like=plan_that_has(shop.id, cart.id), shop=shop
    )
    if wanted.pool is None and any(
        texts.needs_coupon(wanted.template, wanted.channel, one) for one in plan.languages
    ):
        raise NotAsked("coupon", f"{wanted.template!r} speaks of a coupon: name the pool")
    return plan
