"""Switch what a shop uses, and say what something that is to go live lacks (OPS-2)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.reasons import Reason
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.messages import operations as outbox
from ripresa.domain.scenarios.plan import AGENT, Plan, Step
from ripresa.domain.shops.features import Feature, features_off
from ripresa.domain.shops.models import Shop

OF_CHANNEL = {"sms": Feature.SMS, "letter": Feature.LETTERS, AGENT: Feature.PIPELINE}


class NotAFeature(ValueError):
    """There is no such feature; the message names those there are."""


class Withheld(Exception):
    """Whoever runs the install has withheld it; nothing was changed."""


class SwitchedOff(Exception):
    """What is to go live needs something that is switched off; the message names it."""


class Switch(NamedTuple):
    """One feature of a shop. `is_withheld`: it can't be switched on."""

    name: str
    is_on: bool
    is_withheld: bool


def list_features(shop: Shop) -> list[Switch]:
    """Every feature, as it stands."""
    off = features_off(shop)
    return [
        Switch(one.value, one.value not in off, one.value in shop.features_withheld)
        for one in Feature
    ]


@transaction.atomic
def switch_features(*, shop_id: int, wanted: Mapping[str, bool], now: datetime) -> None:
    """Switch what is named on or off. Raises NotAFeature, Withheld.

    What is planned for something that is off waits until it is on again, or too late.
    """
    _check(wanted)
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    refused = [one for one, on in wanted.items() if on and one in shop.features_withheld]
    if refused:
        raise Withheld(f"{', '.join(refused)}: withheld by whoever runs this install")
    off = {*shop.features_off, *(one for one, on in wanted.items() if not on)}
    off -= {one for one, on in wanted.items() if on}
    _set(shop, off=off, withheld=set(shop.features_withheld), now=now)


@transaction.atomic
def withhold_features(*, shop_id: int, names: Collection[str], now: datetime) -> None:
    """Say, as whoever runs the install, which features a shop can't have: these and no others."""
    _check(names)
    shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
    _set(shop, off=set(shop.features_off), withheld=set(names), now=now)


def require_features(shop: Shop, plan: Plan, also: Collection[Feature] = ()) -> None:
    """Let a plan go live, or raise SwitchedOff."""
    off = features_off(shop)
    needed = needed_by_plan(plan) | {*also}
    if lacking := sorted(one.value for one in needed if one.value in off):
        raise SwitchedOff(
            say("switched off for this shop: {features}", features=", ".join(lacking))
        )


def newly_lacking(shop: Shop, plan: Plan, before: Plan) -> list[Feature]:
    """What is switched off, `plan` needs and `before`, in whose place it comes, does not.

    What was at work when it was switched off goes on as it is: it may be written anew, and nothing be added.
    """
    needed = needed_by_plan(plan) - needed_by_plan(before)
    if plan.test is not None and before.test is not None and plan.test.name != before.test.name:
        needed.add(Feature.TESTS)
    off = features_off(shop)
    return sorted(one for one in needed if one.value in off)


def needed_by_plan(plan: Plan) -> set[Feature]:
    """What all its steps need, and its test."""
    steps = [step for branch in plan.branches for step in branch.steps]
    needed = {feature for step in steps for feature in needed_by(step)}
    return needed if plan.test is None else needed | {Feature.TESTS}


def needed_by(step: Step, channel: str | None = None) -> set[Feature]:
    """What one step needs, in one of its channels or in all."""
    channels = step.channels if channel is None else (channel,)
    needed = {OF_CHANNEL[each] for each in channels if each in OF_CHANNEL}
    return needed | {Feature.COUPONS} if step.coupon is not None else needed


def _check(names: Collection[str]) -> None:
    known = {one.value for one in Feature}
    if wrong := sorted(set(names) - known):
        raise NotAFeature(f"no feature {wrong[0]!r}; there are: {', '.join(sorted(known))}")


def _set(shop: Shop, *, off: set[str], withheld: set[str], now: datetime) -> None:
    before = {one.name: one.is_on for one in list_features(shop)}
    shop.features_off, shop.features_withheld = sorted(off), sorted(withheld)
    shop.save(update_fields=["features_off", "features_withheld"])
    after = {one.name: one.is_on for one in list_features(shop)}
    write_down(
        shop_id=shop.id,
        action=Action.CHANGED,
        subject=Subject(About.FEATURE),
        before=before,
        after=after,
        now=now,
    )
    outbox.look_again(shop_id=shop.id, reasons=[Reason.SWITCHED_OFF], now=now)
