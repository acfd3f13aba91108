"""Recoveries by filter, versions, and the trail of a cart: every decision with its reason (SCN-15)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.domain.scenarios.models import Recovery, ScenarioVersion

run = partial(query.run, "ripresa.domain.scenarios")


class TrailLine(NamedTuple):
    """One decision. `recovery` counts the cart's recoveries from 1; `facts`: what it rests on.

    `recovery` and `scenario` are None for what was sent by hand, or by the campaign of that name; `origin_id`
    is what it came from.
    """

    at: datetime
    recovery: int | None
    origin_id: UUID
    scenario: str | None
    campaign: str | None
    branch: str | None
    step: str | None
    channel: str | None
    outcome: str
    reason: str
    to_address: str | None
    subject: str | None
    facts: dict[str, Any]


def trail_of_cart(shop_id: int, cart_id: UUID) -> list[TrailLine]:
    """All decisions on a cart, oldest first."""
    return [
        TrailLine._make((*row[:-1], msgspec.json.decode(row[-1])))
        for row in run("trail_of_cart", shop_id=shop_id, cart_id=cart_id)
    ]


@dataclass(frozen=True, slots=True)
class RecoveryFilter:
    """Which recoveries of a shop. None or empty: no restriction."""

    states: tuple[str, ...] = ()
    scenario_id: UUID | None = None
    cart_id: UUID | None = None
    contact_id: UUID | None = None

    def conditions(self) -> dict[str, object]:
        """As look-ups of the ORM."""
        given = {
            "state__in": self.states or None,
            "scenario_id": self.scenario_id,
            "cart_id": self.cart_id,
            "contact_id": self.contact_id,
        }
        return {name: value for name, value in given.items() if value is not None}


def list_recoveries(
    shop_id: int, only: RecoveryFilter, *, older_than: UUID | None, limit: int
) -> list[Recovery]:
    """Recoveries, the latest first, each with its scenario loaded; `older_than`: the last one seen."""
    found = Recovery.objects.filter(shop_id=shop_id, **only.conditions())
    if older_than:
        found = found.filter(id__lt=older_than)
    return list(found.select_related("scenario").order_by("-id")[:limit])


def find_recovery(shop_id: int, recovery_id: UUID) -> Recovery | None:
    """One recovery of this shop with its scenario loaded."""
    found = Recovery.objects.filter(shop_id=shop_id, id=recovery_id)
    return found.select_related("scenario").first()


def list_versions(
    shop_id: int, scenario_id: UUID, *, below: int | None, limit: int
) -> list[ScenarioVersion]:
    """The versions of a scenario, the newest first, from below number `below` on; without plans."""
    found = ScenarioVersion.objects.filter(shop_id=shop_id, scenario_id=scenario_id)
    if below is not None:
        found = found.filter(number__lt=below)
    return list(found.defer("plan", "text").order_by("-number")[:limit])


def find_version(shop_id: int, scenario_id: UUID, number: int) -> ScenarioVersion | None:
    """One version of a scenario."""
    found = ScenarioVersion.objects.filter(shop_id=shop_id, scenario_id=scenario_id, number=number)
    return found.first()
