"""How many of the shop's latest carts a plan would take up, and by which branch: for whoever writes it.

Decided by the functions that decide at the taking up. Orders count as they were then; all else is asked of
the cart and its person as they are today, for that is what is kept of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from ripresa.contracts.reasons import Reason
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.cart_facts import Asked, facts_of_carts
from ripresa.domain.scenarios.conditions import CartFacts, choose_branch, refusal_of
from ripresa.domain.scenarios.plan import Branch, Plan, Step
from ripresa.usecases.audiences import Leaving, look_at

DAYS = 30
# So many are looked at while somebody waits for the page.
MOST = 1_000
_KINDS = ("cart", "checkout")


@dataclass(frozen=True, slots=True)
class Takers:
    """Of the `left` carts that the scenario begins with, `fits` belong to its audience.

    Of those, `by_branch` says how many each branch of the file takes, `untaken` why others are taken by none.
    `are_more`: only the latest MOST were looked at. `sent`: of those in its branch, for how many the step
    that was asked about holds; None: none was asked about.
    """

    left: int = 0
    are_more: bool = False
    fits: int = 0
    by_branch: Mapping[str, int] = field(default_factory=dict)
    untaken: Mapping[Reason, int] = field(default_factory=dict)
    sent: int | None = None


def count_takers(*, shop_id: int, plan: Plan, now: datetime, step_id: str = "") -> Takers:
    """Over the carts of DAYS that were left behind long enough. Consent, limits and lots are not asked."""
    found = _latest(shop_id, plan, now)
    left, are_more = found[:MOST], len(found) > MOST
    crowd = look_at(shop_id=shop_id, audiences=[plan.audience], leaving=left, now=now)
    fitting = [one for one in left if crowd.fits(plan.audience, one)]
    facts = facts_of_carts(
        shop_id=shop_id,
        asked=[
            Asked(one.cart_id, one.cart_id, one.contact_id, plan, one.abandoned_at)
            for one in fitting
        ],
        now=now,
    )
    taken = {key: choose_branch(plan.branches, one) for key, one in facts.items()}
    bases = Counter(one.base for one in taken.values() if isinstance(one, Branch))
    return Takers(
        len(left),
        are_more,
        len(fitting),
        {branch.base: bases[branch.base] for branch in plan.branches},
        dict(Counter(one for one in taken.values() if isinstance(one, Reason))),
        _sent(taken, facts, step_id) if step_id else None,
    )


def _latest(shop_id: int, plan: Plan, now: datetime) -> Sequence[Leaving]:
    """The latest carts that the plan would have come to, one more than are looked at."""
    carts = Cart.objects.filter(
        shop_id=shop_id,
        abandoned_at__gte=now - timedelta(days=DAYS),
        kind__in=[kind for kind in _KINDS if plan.wants(kind)],
        contact_id__isnull=False,
        is_bot=False,
        is_test=False,
    )
    rows = carts.order_by("-abandoned_at").values_list("id", "contact_id", "abandoned_at")
    return [
        Leaving(cart_id, contact_id, abandoned_at)
        for cart_id, contact_id, abandoned_at in rows[: MOST + 1]
        if contact_id is not None and abandoned_at is not None
    ]


def _sent(
    taken: Mapping[UUID, Branch | Reason], facts: Mapping[UUID, CartFacts], step_id: str
) -> int:
    held = 0
    for key, branch in taken.items():
        step = _step(branch, step_id) if isinstance(branch, Branch) else None
        held += step is not None and refusal_of(step.only_if, facts[key]) is None
    return held


def _step(branch: Branch, step_id: str) -> Step | None:
    return next((step for step in branch.steps if step.id == step_id), None)
