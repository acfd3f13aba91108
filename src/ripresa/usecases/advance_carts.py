"""Advance carts whose instant has come: abandoned, with a recovery for it, or expired."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.domain.carts import ticking
from ripresa.domain.carts.ticking import DueCart
from ripresa.domain.deals.closing import lose_untouched
from ripresa.domain.scenarios import operations, plans_in_force
from ripresa.domain.scenarios.operations import Ending, NewRun
from ripresa.domain.scenarios.rules import Contender, choose_scenario, take_up_at
from ripresa.domain.shops.models import Shop

BATCH = 500


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
        operations.begin(shop_id=shop_id, runs=_runs(shop_id, left), now=now)
    ticking.expire(shop_id=shop_id, cart_ids=aged)
    lose_untouched(shop_id=shop_id, cart_ids=aged, why="expired", now=now)
    operations.end_recoveries(
        shop_id=shop_id, endings=[Ending(cart_id, "expired") for cart_id in aged], now=now
    )
    return len(carts)


def _runs(shop_id: int, carts: list[DueCart]) -> list[NewRun]:
    """The recoveries that begin; a cart without a person has none."""
    contenders = plans_in_force.contenders(shop_id)
    had: dict[UUID, set[UUID]] = defaultdict(set)
    if any(one.plan.on_reabandon == "ignore" for one in contenders):
        for cart_id, scenario_id in operations.run(
            "scenarios_that_ran", shop_id=shop_id, cart_ids=[cart.id for cart in carts]
        ):
            had[cart_id].add(scenario_id)
    return [
        new
        for cart in carts
        if cart.contact_id is not None
        for new in _runs_of(cart, cart.contact_id, contenders, had[cart.id])
    ]


def _runs_of(
    cart: DueCart, contact_id: UUID, contenders: list[Contender], had: set[UUID]
) -> list[NewRun]:
    chosen = choose_scenario(contenders, kind=cart.kind, abandoned_at=cart.due_at, had=had)
    return [
        NewRun(
            scenario_id=one.scenario_id,
            version_id=one.version_id,
            cart_id=cart.id,
            contact_id=contact_id,
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
        )
        for one, reason in chosen
    ]
