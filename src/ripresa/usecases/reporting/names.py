"""What stands behind the ids of figures: scenarios, campaigns and agents by their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, UUIDField, Value

from ripresa.domain.attribution.models import NOBODY, MessageFigures
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.deals.models import Agent
from ripresa.domain.scenarios.models import Scenario

# What has no scenario and no campaign behind it.
BY_HAND, AGENTS, OUTSIDE = "sent by hand", "agents", "from outside"
_OTHERS = {"manual": BY_HAND, "agent": AGENTS, "outside": OUTSIDE}


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in a shop's figures; scenarios and campaigns by id."""

    languages: list[str]
    messages: list[str]
    origins: dict[str, str]

    @classmethod
    def of(cls, shop_id: int, names: "Names | None" = None) -> "Choices":
        """Of all that was ever sent; `names`, where they are known already."""
        rows = MessageFigures.objects.filter(shop_id=shop_id)
        found = set(rows.values_list("language", "template").distinct())
        names = names or Names.of(shop_id)
        origins = {**names.scenarios, **names.campaigns}
        return cls(
            sorted({language for language, _ in found if language}),
            sorted({message for _, message in found if message}),
            {str(one): name for one, name in sorted(origins.items(), key=lambda pair: pair[1])},
        )


@dataclass(frozen=True, slots=True)
class Names:
    """Names in one shop, by id; `versions`: of each scenario the one in force, by its name."""

    versions: Mapping[str, UUID | None]
    scenarios: Mapping[UUID, str]
    campaigns: Mapping[UUID, str]
    agents: Mapping[UUID, str]

    @classmethod
    def of(cls, shop_id: int) -> "Names":
        """All names of a shop: few, so they are read at once."""
        none = Value(None, output_field=UUIDField())
        kinds: tuple[tuple[str, QuerySet[Any], str, F | Value], ...] = (
            ("scenario", Scenario.objects.all(), "name", F("version_id")),
            ("campaign", Campaign.objects.all(), "name", none),
            ("agent", Agent.objects.all(), "email", none),
        )
        first, *others = (
            rows.filter(shop_id=shop_id)
            .annotate(said_of=Value(kind), said=F(column), in_force=version)
            .values_list("said_of", "id", "said", "in_force")
            .order_by()
            for kind, rows, column, version in kinds
        )
        found: dict[str, dict[UUID, str]] = {kind: {} for kind, *_ in kinds}
        versions: dict[str, UUID | None] = {}
        for kind, each, name, version in first.union(*others, all=True):
            found[kind][each] = name
            if kind == "scenario":
                versions[name] = version
        return cls(versions, found["scenario"], found["campaign"], found["agent"])

    def origin(self, kind: str, origin_id: UUID) -> str:
        """What a message came of, in words."""
        if kind in _OTHERS:
            return _OTHERS[kind]
        names = self.campaigns if kind == "campaign" else self.scenarios
        return names.get(origin_id, str(origin_id))

    def of_key(self, key: Mapping[str, Any]) -> dict[str, str]:
        """The key of a row of figures as people read it: dimension by dimension."""
        told: dict[str, str] = {}
        for column, value in key.items():
            match column:
                case "origin_kind":
                    told["scenario"] = self.origin(value, key["origin_id"])
                case "origin_id":
                    continue
                case "agent_id":
                    told["agent"] = "" if value == NOBODY else self.agents.get(value, str(value))
                case "template":
                    told["message"] = value
                case "version":
                    told["version"] = str(value) if value else ""
                case _:
                    told[column] = str(value)
        return told
