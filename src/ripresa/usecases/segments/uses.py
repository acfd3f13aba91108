"""What is for which segment: scenarios and their drafts, campaigns not begun, and rules for agents."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from ripresa.domain.campaigns.models import Campaign, CampaignDraft
from ripresa.domain.deals.agents import list_rules
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft
from ripresa.domain.scenarios.plans_in_force import plan_of


@dataclass(frozen=True, slots=True)
class Use:
    """Something that is for a segment. `kind`: scenario, draft (of one), campaign or rule.

    `id` None: a rule, whose `name` is its number. `is_live`: whether it writes to people now.
    """

    kind: str
    id: UUID | None
    name: str
    is_live: bool = False


def uses_of_all(shop_id: int) -> dict[str, list[Use]]:
    """What is for each segment, by the segment's name."""
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for segment, use in _uses(shop_id):
        found[segment].append(use)
    return dict(found)


def _uses(shop_id: int) -> Iterator[tuple[str, Use]]:
    yield from _scenarios(shop_id)
    yield from _campaigns(shop_id)
    for rule in list_rules(shop_id=shop_id):
        if rule.terms.segment:
            yield rule.terms.segment, Use("rule", None, str(rule.number), is_live=True)


def _scenarios(shop_id: int) -> Iterator[tuple[str, Use]]:
    scenarios = Scenario.objects.filter(shop_id=shop_id).exclude(state="ended").order_by("name")
    for scenario in scenarios:
        segment = plan_of(shop_id, scenario.version_id).audience.segment
        if segment is not None:
            use = Use("scenario", scenario.id, scenario.name, is_live=scenario.state == "live")
            yield segment, use
    for draft in ScenarioDraft.objects.filter(shop_id=shop_id).order_by("name"):
        segment = named_in(draft.text)
        if segment:
            yield segment, Use("draft", draft.id, draft.name)


def _campaigns(shop_id: int) -> Iterator[tuple[str, Use]]:
    """What has begun keeps the condition that it began with, so only drafts of both kinds."""
    kept = Campaign.objects.filter(shop_id=shop_id, state="draft").annotate(
        of=Value("campaign"),
        said=Coalesce(KT("plan__segment"), Value(""), output_field=TextField()),
    )
    written = CampaignDraft.objects.filter(shop_id=shop_id).annotate(
        of=Value("campaign_draft"), said=F("text")
    )
    columns = ("of", "id", "name", "said")
    rows = kept.values_list(*columns).union(written.values_list(*columns), all=True)
    for kind, one, name, said in rows.order_by("of", "name"):
        segment = said if kind == "campaign" else named_in(said)
        if segment:
            yield segment, Use(kind, one, name)


def named_in(text: str) -> str:
    """The segment that a file of a scenario or a campaign names; empty for none."""
    try:
        found: Any = ScenarioText(text).get("audience", "segment")
    except (ScenarioInvalid, ValueError):
        return ""
    return "" if found is None else str(found)
