"""Codes for what is about to go: reserved in the transaction that claims it (CPN-3, CPN-5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.reasons import Outcome
from ripresa.domain.carts import queries as carts
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.coupons.minting import MintedPool, minted_pools
from ripresa.domain.coupons.rules import NoCoupon, Reserved, Shortage, Wish, of_no_use
from ripresa.domain.messages.operations import Verdict
from ripresa.domain.scenarios.plan import Offer
from ripresa.domain.scenarios.sending.rules import LOOK_AGAIN
from ripresa.domain.templates.context import CouponFields
from ripresa.usecases.sending.desk import Desk, Ready, forget_caps, hold
from ripresa.usecases.sending.low_pools import tell_low_pools


@dataclass(slots=True)
class Offers:
    """What became of the wishes for codes.

    `given` is by message, as is `told`: what the trail says of its code, or why its text goes without one.
    `shortages`: scenarios that can't go on, each with what is missing, in words.
    """

    given: dict[UUID, CouponFields] = field(default_factory=dict)
    told: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    shortages: dict[UUID, str] = field(default_factory=dict)


def place_of(ready: Ready) -> tuple[str, UUID, str]:
    """The step to which a code belongs, however many messages it has."""
    message = ready.turn.message
    return (message.origin_kind, message.origin_id, message.step)


def reserve_codes(desk: Desk) -> Offers:
    """Reserve codes for what is ready; what can't go without one is taken off the desk again.

    Used up, while the text needs a code: the scenario pauses itself, and nothing planned is lost
    (SCN-11). She has had one lately: the step is skipped. What is due to the same person after such a
    message was decided on a wrong premise, and is looked at again. What somebody sends by hand goes with the
    coupon that was picked, or not at all.
    """
    offers = Offers()
    wanting = [one for one in desk.ready if one.turn.step.coupon is not None]
    if not wanting:
        return offers
    refused = _of_no_use(desk, wanting)
    wishes = _wishes(desk, [one for one in wanting if one.turn.message.id not in refused])
    answers = coupons.reserve(shop_id=desk.shop.id, wishes=wishes, now=desk.now) | refused
    tell_low_pools(shop_id=desk.shop.id, given=answers.values(), now=desk.now)
    going: list[Ready] = []
    upset: set[UUID] = set()
    for one in desk.ready:
        contact_id, answer = one.turn.message.contact_id, answers.get(one.turn.message.id)
        if contact_id in upset or _is_unclear(answer):
            desk.passed.add(contact_id)
            upset.add(contact_id)
        elif _goes(desk, one, answer, offers):
            going.append(one)
        else:
            upset.add(contact_id)
    _forget(desk, going, upset, answers)
    desk.ready = going
    return offers


def _goes(desk: Desk, ready: Ready, answer: Reserved | NoCoupon | None, offers: Offers) -> bool:
    """Whether a message goes, with a code or without; if not, what becomes of it is said."""
    message = ready.turn.message
    if message.scenario_id in offers.shortages:
        hold(desk, ready)
        return False
    if not isinstance(answer, NoCoupon):
        if answer is not None:
            offers.given[message.id] = CouponFields(answer.code, answer.expires_at)
            if answer.checked:
                offers.told[message.id] = {"coupon_checked": answer.checked}
        return True
    if answer.shortage is Shortage.BEING_MADE:
        _await(desk, ready, answer)
        return False
    needs_it = desk.texts.needs_coupon(message.template, message.channel, ready.language)
    if not message.is_by_hand and not needs_it:
        offers.told[message.id] = {"coupon": answer.reason.value, **answer.facts}
        return True
    _refuse(desk, ready, answer, offers)
    return False


def _is_unclear(answer: Reserved | NoCoupon | None) -> bool:
    """Whether codes are used up is known when the worker who holds the last ones is done."""
    return isinstance(answer, NoCoupon) and answer.shortage is Shortage.BUSY


def _of_no_use(desk: Desk, wanting: Sequence[Ready]) -> dict[UUID, Reserved | NoCoupon]:
    """Why those whose cart is in another currency than the sum of their coupon get none."""
    sums = [
        (one.turn.message, offer.worth)
        for one in wanting
        if (offer := one.turn.step.coupon) is not None and offer.amount is not None
    ]
    if not sums:
        return {}
    currencies = carts.currencies_of(desk.shop.id, [message.cart_id for message, _ in sums])
    told = {
        message.id: of_no_use(worth, currencies.get(message.cart_id)) for message, worth in sums
    }
    return {key: answer for key, answer in told.items() if answer is not None}


def _wishes(desk: Desk, wanting: Sequence[Ready]) -> list[Wish]:
    # For steps that name what they want, and no pool.
    minted = cache(lambda: minted_pools(desk.shop.id))
    return [_wish(desk, one, minted) for one in wanting]


def _wish(desk: Desk, ready: Ready, minted: Callable[[], Sequence[MintedPool]]) -> Wish:
    message, offer = ready.turn.message, ready.turn.step.coupon
    valid_for = offer.valid_for if offer is not None else None
    valid = None if valid_for is None else valid_for.after(desk.now) - desk.now
    kind, origin_id, step = place_of(ready)
    return Wish(
        key=message.id,
        pool=_pool_of(offer, valid, minted),
        contact_id=message.contact_id,
        origin_kind=kind,
        origin_id=origin_id,
        step=step,
        valid_for=valid,
        one_per=desk.shop.coupon_gap,
        is_repeat=message.tried_at is not None,
    )


def _pool_of(
    offer: Offer | None, valid_for: timedelta | None, minted: Callable[[], Sequence[MintedPool]]
) -> str | None:
    worth = None if offer is None else offer.worth
    if offer is None or worth is None:
        return None if offer is None else offer.pool
    return next((one.name for one in minted() if one.serves(worth, valid_for)), None)


def _await(desk: Desk, ready: Ready, answer: NoCoupon) -> None:
    """Hold what waits for the shop to make codes, or to say that they stand."""
    message, until = ready.turn.message, desk.now + LOOK_AGAIN[0]
    is_told = message.held_for == answer.reason.value
    desk.verdicts.append(
        Verdict(
            message.id,
            "planned",
            answer.reason,
            None if is_told else Outcome.HELD,
            until,
            {**answer.facts, "until": until.isoformat()},
            to_address=ready.to.text,
        )
    )


def _refuse(desk: Desk, ready: Ready, answer: NoCoupon, offers: Offers) -> None:
    is_by_hand = ready.turn.message.is_by_hand  # then there is no scenario that could pause
    shortage = answer.shortage
    if not is_by_hand and shortage is not None and shortage.concerns_everyone:
        offers.shortages[ready.turn.message.scenario_id] = _cause(ready, answer, shortage)
        hold(desk, ready)
        return
    facts = {**answer.facts, "coupon": answer.reason.value}
    desk.verdicts.append(desk.skipped(ready.turn, answer.reason, ready.to.text, facts))
    desk.over.append(ready.turn.message.origin_id)


def _cause(ready: Ready, answer: NoCoupon, shortage: Shortage) -> str:
    offer = ready.turn.step.coupon
    pool = offer.pool if offer is not None and offer.pool else ""
    return {
        Shortage.USED_UP: say("the coupons of {pool} are used up", pool=pool),
        Shortage.TOO_SHORT: say("the coupons of {pool} end too soon", pool=pool),
        Shortage.ENDED: say("the coupon of {pool} has ended", pool=pool),
        Shortage.CANNOT_MINT: say("the shop makes no coupons: {trouble}", trouble=_trouble(answer)),
    }.get(shortage, say("there are no coupons {pool}", pool=pool))


def _trouble(answer: NoCoupon) -> str:
    return str(
        answer.facts.get("trouble") or say("no pool is minted that gives so much for so long")
    )


def _forget(
    desk: Desk,
    going: Sequence[Ready],
    upset: set[UUID],
    answers: Mapping[UUID, Reserved | NoCoupon],
) -> None:
    """Take back what rests on messages that do not go after all: codes, and holds by a cap.

    A code that a step had before stays: it may stand in words that will be said again.
    """
    if not upset:
        return
    kept = {place_of(one) for one in going}
    freed = {
        place_of(one)
        for one in desk.ready
        if isinstance(answer := answers.get(one.turn.message.id), Reserved) and answer.is_new
    }
    coupons.give_back(shop_id=desk.shop.id, origins=freed - kept)
    forget_caps(desk, upset)
