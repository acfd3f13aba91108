"""Messages sent by hand (SCN-14): what was asked, and the plan of one step that each follows."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.hours_of_file import USUAL
from ripresa.domain.scenarios.models import ManualSend, Recovery
from ripresa.domain.scenarios.plan import Audience, Branch, Offer, Plan, Step
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.catalogue import Preset
from ripresa.domain.webhooks.tellers.messages import Planned, tell_planned

run = partial(query.run, "ripresa.domain.scenarios.sending")

MANUAL = "manual"  # the kind of its origin
STEP = "by_hand"  # its one branch and its one step; due_messages.sql says so, too
CAPS, QUIET_HOURS = "caps", "quiet_hours"
OVERRIDES = (CAPS, QUIET_HOURS)


class Asking(NamedTuple):
    """What somebody wants sent. `pool`: where its coupon comes from; `overrides` of OVERRIDES."""

    channel: str
    asked_by: str
    pool: str | None = None
    overrides: tuple[str, ...] = ()


class HandSend(NamedTuple):
    """A message by hand, as hand-over needs it."""

    id: UUID
    plan: Plan
    asked_by: str
    overrides: tuple[str, ...]
    is_bot: bool

    @property
    def told(self) -> dict[str, Any]:
        """What its decisions say about who sent it, and what that person set aside."""
        overridden = {"overrides": list(self.overrides)} if self.overrides else {}
        return {"asked_by": self.asked_by, **overridden}


def plan_by_hand(asking: Asking, preset: Preset, *, like: Plan | None, shop: Shop) -> Plan:
    """The plan of one message. `like`: the scenario that has the cart lends it all that is not said.

    So sender, languages, legal basis, limits and quiet hours are hers; without one they are those of a
    scenario file that says nothing. What is overridden is left out here, once and for all.
    """
    like = like or Plan(STEP, shop.language, preset.languages, (), quiet_hours=dict(USUAL))
    spoken = tuple(one for one in like.languages if one in preset.languages) or preset.languages
    step = Step(
        id=STEP,
        after=Duration(),
        base="left",
        channels=(asking.channel,),
        template=preset.name,
        by_agent=preset.needs_agent,
        coupon=None if asking.pool is None else Offer(asking.pool),
    )
    is_free = CAPS in asking.overrides
    return msgspec.structs.replace(
        like,
        language=like.language if like.language in spoken else spoken[0],
        languages=spoken,
        branches=(Branch(STEP, (step,)),),
        audience=Audience(),
        stop_on=(),
        holdout=0,
        not_more_often_than=None if is_free else like.not_more_often_than,
        max_messages_per_30d=None if is_free else like.max_messages_per_30d,
        quiet_hours={} if QUIET_HOURS in asking.overrides else like.quiet_hours,
    )


def plan_that_has(shop_id: int, cart_id: UUID) -> Plan | None:
    """The plan of the scenario that took the cart up last, or is about to; None: none did."""
    runs = Recovery.objects.filter(shop_id=shop_id, cart_id=cart_id).exclude(state="skipped")
    version_id = runs.order_by("-abandoned_at", "-id").values_list("version_id", flat=True).first()
    return None if version_id is None else plan_of(shop_id, version_id)


def plan_message(
    *, shop_id: int, cart_id: UUID, contact_id: UUID, plan: Plan, asking: Asking, now: datetime
) -> UUID:
    """Plan one message, due now; returns its id. The person is locked."""
    message_id = new_id(now)
    [step] = plan.branch_named(STEP).steps
    run(
        "add_manual_send",
        shop_id=shop_id,
        id=new_id(now),
        message_id=message_id,
        cart_id=cart_id,
        contact_id=contact_id,
        asked_by=asking.asked_by,
        overrides=list(asking.overrides),
        plan=msgspec.json.encode(plan).decode(),
        step=STEP,
        channel=asking.channel,
        template=step.template,
        now=now,
    )
    tell_planned(shop_id=shop_id, planned=[Planned(message_id, contact_id, cart_id, now)], now=now)
    return message_id


def find_sends(shop_id: int, ids: Collection[UUID]) -> dict[UUID, HandSend]:
    """What was asked, by the ids of the origins."""
    if not ids:
        return {}
    found = ManualSend.objects.filter(shop_id=shop_id, id__in=ids).select_related("cart")
    return {
        one.id: HandSend(
            one.id,
            msgspec.convert(one.plan, type=Plan),
            one.asked_by,
            tuple(one.overrides),
            one.cart.is_bot,
        )
        for one in found
    }


def sends_of_cart(shop_id: int, cart_id: UUID) -> list[ManualSend]:
    """All that was asked for a cart, in order."""
    found = ManualSend.objects.filter(shop_id=shop_id, cart_id=cart_id)
    return list(found.order_by("asked_at", "id"))
