"""Codes for what is about to go: reserved in the transaction that claims it (CPN-3, CPN-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from ripresa.domain.coupons import operations as coupons
from ripresa.domain.coupons.minting import pools_by_percent
from ripresa.domain.coupons.rules import NoCoupon, Reserved, Shortage, Wish
from ripresa.domain.scenarios.plan import Offer
from ripresa.domain.templates.context import CouponFields
from ripresa.usecases.sending.desk import Desk, Ready, forget_caps, hold
from ripresa.usecases.sending.low_pools import tell_low_pools


@dataclass(slots=True)
class Offers:
    """What became of the wishes for codes.

    `given` is by message, as is `without`: why its text goes without a code. `shortages`: scenarios
    that can't go on, each with what is missing, in words.
    """

    given: dict[UUID, CouponFields] = field(default_factory=dict)
    without: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
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
    wishes = _wishes(desk)
    if not wishes:
        return offers
    answers = coupons.reserve(shop_id=desk.shop.id, wishes=wishes, now=desk.now)
    tell_low_pools(shop_id=desk.shop.id, given=answers.values(), now=desk.now)
    going: list[Ready] = []
    upset: set[UUID] = set()
    for one in desk.ready:
        message = one.turn.message
        answer = answers.get(message.id)
        if message.contact_id in upset or _is_unclear(answer):
            desk.passed.add(message.contact_id)
            upset.add(message.contact_id)
        elif message.scenario_id in offers.shortages:
            hold(desk, one)
            upset.add(message.contact_id)
        elif not isinstance(answer, NoCoupon):
            going.append(one)
            if answer is not None:
                offers.given[message.id] = CouponFields(answer.code, answer.expires_at)
        elif not message.is_by_hand and not desk.texts.needs_coupon(
            message.template, message.channel, one.language
        ):
            going.append(one)
            offers.without[message.id] = {"coupon": answer.reason.value, **answer.facts}
        else:
            _refuse(desk, one, answer, offers)
            upset.add(message.contact_id)
    _forget(desk, going, upset, answers)
    desk.ready = going
    return offers


def _is_unclear(answer: Reserved | NoCoupon | None) -> bool:
    """Whether codes are used up is known when the worker who holds the last ones is done."""
    return isinstance(answer, NoCoupon) and answer.shortage is Shortage.BUSY


def _wishes(desk: Desk) -> list[Wish]:
    wanting = [one for one in desk.ready if one.turn.step.coupon is not None]
    pools = _minted_pools(desk, wanting)
    return [_wish(desk, one, pools) for one in wanting]


def _minted_pools(desk: Desk, wanting: Sequence[Ready]) -> Mapping[Decimal, str]:
    """The pools of codes that the shop makes, by percent: for steps that name what they want, and no pool."""
    offers = [one.turn.step.coupon for one in wanting]
    is_asked = any(offer is not None and offer.pool is None for offer in offers)
    return pools_by_percent(desk.shop.id) if is_asked else {}


def _wish(desk: Desk, ready: Ready, pools: Mapping[Decimal, str]) -> Wish:
    message, offer = ready.turn.message, ready.turn.step.coupon
    valid_for = offer.valid_for if offer is not None else None
    kind, origin_id, step = place_of(ready)
    return Wish(
        key=message.id,
        pool=_pool_of(offer, pools),
        contact_id=message.contact_id,
        origin_kind=kind,
        origin_id=origin_id,
        step=step,
        valid_for=None if valid_for is None else valid_for.after(desk.now) - desk.now,
        one_per=desk.shop.coupon_gap,
        is_repeat=message.tried_at is not None,
    )


def _pool_of(offer: Offer | None, pools: Mapping[Decimal, str]) -> str | None:
    if offer is None or offer.pool is not None or offer.percent is None:
        return None if offer is None else offer.pool
    return pools.get(Decimal(offer.percent))


def _refuse(desk: Desk, ready: Ready, answer: NoCoupon, offers: Offers) -> None:
    is_by_hand = ready.turn.message.is_by_hand  # then there is no scenario that could pause
    shortage = answer.shortage
    if not is_by_hand and shortage is not None and shortage.concerns_everyone:
        offers.shortages[ready.turn.message.scenario_id] = _cause(ready, shortage)
        hold(desk, ready)
        return
    facts = {**answer.facts, "coupon": answer.reason.value}
    desk.verdicts.append(desk.skipped(ready.turn, answer.reason, ready.to.text, facts))
    desk.over.append(ready.turn.message.origin_id)


def _cause(ready: Ready, shortage: Shortage) -> str:
    offer = ready.turn.step.coupon
    pool = offer.pool if offer is not None and offer.pool else ""
    return {
        Shortage.USED_UP: f"the coupons of {pool} are used up",
        Shortage.TOO_SHORT: f"the coupons of {pool} end too soon",
        Shortage.ENDED: f"the coupon of {pool} has ended",
        Shortage.CANNOT_MINT: "no pool is minted by the shop that gives so much",
    }.get(shortage, f"there are no coupons {pool}")


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
