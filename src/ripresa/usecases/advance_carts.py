"""Advance carts whose instant has come: abandoned, with a recovery for it, or expired."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.attribution import stale
from ripresa.domain.carts import ticking
from ripresa.domain.carts.ticking import DueCart
from ripresa.domain.deals.closing import lose_untouched
from ripresa.domain.scenarios import operations, plans_in_force
from ripresa.domain.scenarios.operations import Ending, NewRun
from ripresa.domain.scenarios.rules import Contender, choose_scenario, take_up_at
from ripresa.domain.shops.models import Shop
from ripresa.usecases.audiences import Crowd, Leaving, look_at

BATCH = 500
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def advance_carts(*, shop_id: int, now: datetime, limit: int = BATCH) -> int:
    """Advance up to `limit` due carts of a shop; returns how many."""
    carts = ticking.take_due_carts(shop_id=shop_id, now=now, limit=limit)
    if not carts:
        return 0
    left = [cart for cart in carts if cart.state == "open"]
    aged = [cart.id for cart in carts if cart.state == "abandoned"]
    if left:
        expires_after = Shop.objects.values_list("expires_after", flat=True).get(id=shop_id)
        ticking.abandon(
            shop_id=shop_id,
            cart_ids=[cart.id for cart in left],
            expires_after=expires_after,
            now=now,
        )
        stale.mark(shop_id=shop_id, now=now, instants=[cart.due_at for cart in left])
        operations.begin(shop_id=shop_id, runs=_runs(shop_id, left, now), now=now)
    ticking.expire(shop_id=shop_id, cart_ids=aged, now=now)
    lose_untouched(shop_id=shop_id, cart_ids=aged, why="expired", now=now)
    operations.end_recoveries(
        shop_id=shop_id, endings=[Ending(cart_id, "expired") for cart_id in aged], now=now
    )
    return len(carts)


def _runs(shop_id: int, carts: list[DueCart], now: datetime) -> list[NewRun]:
    """The recoveries that begin; a cart without a person has none."""
    contenders = plans_in_force.contenders(shop_id)
    had: dict[UUID, set[UUID]] = defaultdict(set)
    if any(one.plan.on_reabandon == "ignore" for one in contenders):
        for cart_id, scenario_id in operations.run(
            "scenarios_that_ran", shop_id=shop_id, cart_ids=[cart.id for cart in carts]
        ):
            had[cart_id].add(scenario_id)
    # Told late, an order may part a cart from what she put into it later: that is a cart of its own then,
    # but its last activity is the same, and nobody is reminded of one twice.
    cart_ids = [cart.id for cart in carts]
    reminded = {
        cart_id
        for (cart_id,) in operations.run("reminded_stretches", shop_id=shop_id, cart_ids=cart_ids)
    }
    reached = [
        (cart, Leaving(cart.id, cart.contact_id, cart.due_at))
        for cart in carts
        if cart.contact_id is not None and cart.id not in reminded
    ]
    crowd = look_at(
        shop_id=shop_id,
        audiences=[one.plan.audience for one in contenders],
        leaving=[leaving for _, leaving in reached],
        now=now,
    )
    return [
        new
        for cart, leaving in reached
        for new in _runs_of(cart, leaving, contenders, had[cart.id], crowd)
    ]


def _runs_of(
    cart: DueCart, leaving: Leaving, contenders: list[Contender], had: set[UUID], crowd: Crowd
) -> list[NewRun]:
    chosen = choose_scenario(
        contenders,
        kind=cart.kind,
        # What a file or history tells of lies before anybody's watermark (CAP-8).
        abandoned_at=_LONG_AGO if cart.is_old_news else cart.due_at,
        had=had,
        fits=lambda one: crowd.fits(one.plan.audience, leaving),
    )
    return [
        NewRun(
            scenario_id=one.scenario_id,
            version_id=one.version_id,
            cart_id=cart.id,
            contact_id=leaving.contact_id,
            left_at=cart.left_at,
            abandoned_at=cart.due_at,
            due_at=None
            if reason
            else take_up_at(
                left_at=cart.left_at,
                abandoned_at=cart.due_at,
                reachable_at=cart.reachable_at,
                idle=one.plan.idle,
            ),
            reason=reason,
            facts=_told(one, reason, winner=chosen[0][0], leaving=leaving, crowd=crowd),
        )
        for one, reason in chosen
    ]


def _told(
    one: Contender, reason: Reason | None, *, winner: Contender, leaving: Leaving, crowd: Crowd
) -> Mapping[str, Any]:
    """What a scenario that does not get the cart is told about it."""
    match reason:
        case Reason.AUDIENCE:
            return crowd.told(one.plan.audience, leaving)
        case Reason.LOWER_PRIORITY:
            return {
                "priority": one.plan.priority,
                "taken_by": winner.plan.name,
                "its_priority": winner.plan.priority,
            }
        case Reason.BEFORE_ACTIVATION:
            return {"activated_at": one.activated_at.isoformat()}
    return {}
