"""Reading scenarios for the console: what they are, how far each step got, what held them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery, Scenario, ScenarioVersion


def list_scenarios(shop_id: int) -> list[Scenario]:
    """All scenarios of a shop by name."""
    return list(Scenario.objects.filter(shop_id=shop_id).order_by("name"))


def find_scenario(shop_id: int, scenario_id: UUID) -> Scenario | None:
    """One scenario of this shop."""
    return Scenario.objects.filter(shop_id=shop_id, id=scenario_id).first()


def is_live(shop_id: int, name: str) -> bool:
    """Whether the shop has a live scenario of that name."""
    return Scenario.objects.filter(shop_id=shop_id, name=name, state="live").exists()


def version_of(scenario: Scenario) -> ScenarioVersion:
    """The version that new recoveries run on."""
    return ScenarioVersion.objects.get(shop_id=scenario.shop_id, id=scenario.version_id)


def list_versions(scenario: Scenario) -> list[ScenarioVersion]:
    """All versions of a scenario, the newest first."""
    found = ScenarioVersion.objects.filter(shop_id=scenario.shop_id, scenario_id=scenario.id)
    return list(found.order_by("-number"))


@dataclass(slots=True)
class StepFigures:
    """Messages of one step by state, and by reason where they never left."""

    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reasons: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def step_figures(
    shop_id: int, scenario_id: UUID, *, planned_from: datetime | None
) -> Mapping[tuple[str, str, str], StepFigures]:
    """Figures by (branch, step, channel) over messages planned for `planned_from` or later.

    Under an empty name stands what all branches have together.
    """
    runs = Recovery.objects.filter(shop_id=shop_id, scenario_id=scenario_id)
    messages = Message.objects.filter(
        shop_id=shop_id, origin_kind="recovery", origin_id__in=runs.values("id")
    )
    if planned_from:
        messages = messages.filter(planned_for__gte=planned_from)
    run = Recovery.objects.filter(shop_id=shop_id, id=OuterRef("origin_id"))
    rows = (
        messages.annotate(of_branch=Subquery(run.values("branch")[:1]))
        .values_list("of_branch", "step", "channel", "state", "reason")
        .annotate(number=Count("id"))
    )
    found: dict[tuple[str, str, str], StepFigures] = defaultdict(StepFigures)
    for branch, step, channel, state, reason, number in rows.order_by():
        for figures in (found[branch or "", step, channel], found["", step, channel]):
            figures.states[state] += number
            if reason and state in {"skipped", "cancelled", "failed"}:
                figures.reasons[reason] += number
    return found


def run_figures(shop_id: int, scenario_ids: list[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """For each scenario, how many recoveries stand in each state."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    runs = Recovery.objects.filter(shop_id=shop_id, scenario_id__in=scenario_ids)
    counted = runs.values_list("scenario_id", "state").annotate(number=Count("id"))
    for scenario_id, state, number in counted.order_by():
        found[scenario_id][state] = number
    return found


def runs_on_older_versions(scenario: Scenario) -> int:
    """Recoveries under way that finish on an earlier version (SCN-12)."""
    runs = Recovery.objects.filter(
        shop_id=scenario.shop_id, scenario_id=scenario.id, state__in=["waiting", "active"]
    )
    return runs.exclude(version_id=scenario.version_id).count()


class VersionFigures(NamedTuple):
    """How many recoveries under way run on a version, by its number."""

    number: int
    published_at: datetime
    is_newest: bool
    waiting: int
    active: int


def version_figures(scenario: Scenario) -> list[VersionFigures]:
    """The versions that still matter, the newest first: it, and those on which recoveries finish (SCN-12)."""
    open_runs = Recovery.objects.filter(
        shop_id=scenario.shop_id, scenario_id=scenario.id, state__in=["waiting", "active"]
    )
    counted = open_runs.values_list("version_id", "state").annotate(number=Count("id")).order_by()
    counts = {(version_id, state): number for version_id, state, number in counted}
    versions = ScenarioVersion.objects.filter(
        shop_id=scenario.shop_id,
        scenario_id=scenario.id,
        id__in={scenario.version_id, *(version_id for version_id, _ in counts)},
    )
    return [
        VersionFigures(
            version.number,
            version.created_at,
            version.id == scenario.version_id,
            counts.get((version.id, "waiting"), 0),
            counts.get((version.id, "active"), 0),
        )
        for version in versions.order_by("-number")
    ]


def runs_told_of(shop_id: int, contact_id: UUID, run_ids: list[UUID], limit: int) -> list[Recovery]:
    """Recoveries of a person that ended before any message was planned, and those of `run_ids`.

    The latest first, at most twice `limit`.
    """
    hers = Recovery.objects.filter(shop_id=shop_id, contact_id=contact_id)
    found = hers.filter(Q(state="skipped") | Q(id__in=run_ids))
    return list(found.order_by("-abandoned_at")[: 2 * limit])


def runs_of_cart(shop_id: int, cart_id: UUID) -> list[Recovery]:
    """The recoveries of a cart, oldest first, each with its scenario loaded."""
    found = Recovery.objects.filter(shop_id=shop_id, cart_id=cart_id).select_related("scenario")
    return list(found.order_by("abandoned_at", "id"))


def held_messages(shop_id: int, scenario_id: UUID) -> int:
    """How many planned messages of a scenario are held because it is paused."""
    runs = Recovery.objects.filter(shop_id=shop_id, scenario_id=scenario_id)
    held = Message.objects.filter(shop_id=shop_id, origin_kind="recovery", state="planned")
    return held.filter(reason="paused", origin_id__in=runs.values("id")).count()
