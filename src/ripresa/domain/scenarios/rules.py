"""Who hears what, when: pure decisions, each with a reason from the closed list.

Instants are aware and in UTC; due means `planned instant <= now`.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.plan import Plan, Step

# What a cart that is no longer waiting says about the messages for it.
_CART_ENDS = {
    "ordered": Reason.ORDERED,
    "recovered": Reason.ORDERED,
    "closed": Reason.CLOSED,
    "emptied": Reason.EMPTIED,
    "expired": Reason.EXPIRED,
    "open": Reason.REOPENED,
}

# Carts about which one may write by hand; depart.sql says the same.
BY_HAND_STATES = frozenset({"open", "abandoned", "expired"})


def cart_end(state: str, cart_left_at: datetime, left_at: datetime) -> Reason | None:
    """Why a recovery that began when the cart was left at `left_at` is over; None: it is not."""
    if state == "abandoned" and cart_left_at <= left_at:
        return None
    return _CART_ENDS.get(state, Reason.REOPENED)


def cart_end_by_hand(state: str, left_at: datetime, ordered_at: datetime | None) -> Reason | None:
    """Why nobody is written to by hand about a cart last touched at `left_at`; None: one may.

    An open cart may be, and one that was given up as too old. An order does not close those that had
    expired before it (CAP-6), so `ordered_at`, her latest that counts, is asked as well.
    """
    if state not in BY_HAND_STATES:
        return _CART_ENDS.get(state, Reason.CLOSED)
    return Reason.CLOSED if ordered_at is not None and ordered_at > left_at else None


def cart_end_in_campaign(
    about: str, state: str, left_at: datetime, ordered_at: datetime | None
) -> Reason | None:
    """Why a campaign's message about a cart last touched at `left_at` is over; None: it is not.

    One about an abandoned cart is bound by promise 1 as a reminder is; carts that are given up as too old
    belong to its audience. A thank-you, and what speaks of no cart, is not bound.
    """
    if about != "abandoned_cart":
        return None
    if state not in {"abandoned", "expired"}:
        return _CART_ENDS.get(state, Reason.CLOSED)
    return Reason.ORDERED if ordered_at is not None and ordered_at > left_at else None


class Contender(NamedTuple):
    """A scenario that may take carts up: live or paused, on its newest version."""

    scenario_id: UUID
    version_id: UUID
    activated_at: datetime
    plan: Plan


def choose_scenario(
    contenders: Sequence[Contender],
    *,
    kind: str,
    abandoned_at: datetime,
    had: Container[UUID],
    fits: Callable[[Contender], bool] = lambda _: True,
) -> list[tuple[Contender, Reason | None]]:
    """Which scenarios want an abandoned cart: the one that takes it (no reason), then the others.

    The highest priority of those whose audience she `fits` wins, ties by name. `had`: scenarios that
    have run for this cart before.
    """
    wanting = [one for one in contenders if one.plan.wants(kind)]
    early = [one for one in wanting if abandoned_at < one.activated_at]
    able = [
        one
        for one in wanting
        if abandoned_at >= one.activated_at
        and not (one.plan.on_reabandon == "ignore" and one.scenario_id in had)
    ]
    misfits = [one for one in able if not fits(one)]
    ranked = sorted(
        (one for one in able if one not in misfits),
        key=lambda one: (-one.plan.priority, one.plan.name),
    )
    return [
        *((one, Reason.LOWER_PRIORITY if rank else None) for rank, one in enumerate(ranked)),
        *((one, Reason.AUDIENCE) for one in misfits),
        *((one, Reason.BEFORE_ACTIVATION) for one in early),
    ]


class Rival(NamedTuple):
    """A recovery of a scenario for one of a person's carts."""

    recovery_id: UUID
    abandoned_at: datetime
    token: str


def superseded(rivals: Iterable[Rival]) -> frozenset[UUID]:
    """Of the recoveries of one scenario for one person, all but the newest (ties: by token)."""
    ranked = sorted(rivals, key=lambda one: (one.abandoned_at, one.token, one.recovery_id))
    return frozenset(one.recovery_id for one in ranked[:-1])


def take_up_at(
    *, left_at: datetime, abandoned_at: datetime, reachable_at: datetime | None, idle: Duration
) -> datetime:
    """When a scenario takes a cart up: idle long enough, abandoned, and someone reachable."""
    return max(idle.after(left_at), abandoned_at, reachable_at or abandoned_at)


def plan_steps(
    steps: Sequence[Step],
    *,
    left_at: datetime,
    taken_up_at: datetime,
    told: Mapping[str, datetime] = MappingProxyType({}),
) -> list[datetime]:
    """When each step is planned. None is planned for before the taking up itself.

    `told`: when notices were handed over, by step; what counts from the step before counts from then.
    """
    planned: list[datetime] = []
    previous = taken_up_at
    for step in steps:
        base = {"left": left_at, "abandoned": taken_up_at}.get(step.base, previous)
        planned.append(max(step.after.after(base), taken_up_at))
        previous = told.get(step.id, planned[-1])
    return planned
