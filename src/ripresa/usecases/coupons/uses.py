"""What draws on a pool: scenarios and campaigns that name it, or want what it is minted for."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.coupons.minting import MintedPool, minted_pools
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.plan import Offer, Plan
from ripresa.domain.scenarios.plans_in_force import plan_of


class Use(NamedTuple):
    """One that gives codes of `pool`; `paused_reason` where it stands still."""

    pool: str
    kind: str
    id: UUID
    name: str
    state: str
    paused_reason: str


def list_uses(shop_id: int) -> list[Use]:
    """All uses of the pools of a shop by what has not ended, by name."""
    minted = minted_pools(shop_id)
    found = [
        Use(pool, "scenario", one.id, one.name, one.state, one.paused_reason)
        for one in Scenario.objects.filter(shop_id=shop_id).exclude(state="ended").order_by("name")
        for pool in _pools(_offers(plan_of(shop_id, one.version_id)), minted)
    ]
    found += [
        Use(pool, "campaign", one.id, one.name, one.state, one.paused_reason)
        for one in Campaign.objects.filter(shop_id=shop_id).exclude(state="ended").order_by("name")
        for pool in _pools(_offers(msgspec.convert(one.plan, CampaignPlan).message), minted)
    ]
    return found


def _offers(plan: Plan) -> Iterator[Offer | None]:
    for branch in plan.branches:
        for step in branch.steps:
            yield step.coupon


def _pools(offers: Iterable[Offer | None], minted: Sequence[MintedPool]) -> list[str]:
    named = {_pool_of(offer, minted) for offer in offers if offer is not None}
    return sorted(name for name in named if name is not None)


def _pool_of(offer: Offer, minted: Sequence[MintedPool]) -> str | None:
    worth = offer.worth
    if worth is None:
        return offer.pool
    valid_for = None if offer.valid_for is None else offer.valid_for.at_most()
    return next((one.name for one in minted if one.serves(worth, valid_for)), None)
