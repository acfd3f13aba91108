"""How scenarios, their versions and what is asked of them look from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from ripresa.api.protocol.access import ApiRequest
from ripresa.api.protocol.problems import NotFound
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion


class ScenarioShape(BaseModel):
    """A scenario. `recoveries`: how many stand in each state."""

    id: UUID
    name: str
    state: str
    paused_reason: str
    version_id: UUID
    activated_at: datetime | None
    created_at: datetime
    recoveries: dict[str, int]

    @classmethod
    def of(cls, scenario: Scenario, runs: Mapping[str, int]) -> "ScenarioShape":
        """The same, as it travels."""
        names = [name for name in cls.model_fields if name != "recoveries"]
        return cls(recoveries=dict(runs), **{name: getattr(scenario, name) for name in names})


class VersionShape(BaseModel):
    """What a scenario said at one time. `is_current`: new recoveries run on it."""

    id: UUID
    number: int
    created_at: datetime
    is_current: bool

    @classmethod
    def of(cls, version: ScenarioVersion, scenario: Scenario) -> "VersionShape":
        """The same, as it travels."""
        return cls(
            id=version.id,
            number=version.number,
            created_at=version.created_at,
            is_current=version.id == scenario.version_id,
        )


class PublishedShape(BaseModel):
    """What a file became. `is_new_version` false: the scenario says just that already."""

    scenario_id: UUID
    name: str
    version: int
    is_new_version: bool


class Reach(BaseModel):
    """Carts abandoned before it went live, and their people: whom it would reach at once."""

    carts: int
    people: int


class Activation(Asked):
    """Whether carts abandoned before are taken along.

    With `include_existing`, `people` must be the number that `…/reach` tells: so nobody writes to
    more people than they were shown.
    """

    include_existing: bool = False
    people: Maybe[Annotated[int, Field(ge=0, le=2**31 - 1)]] = None


class Activated(BaseModel):
    """What became of the carts abandoned before."""

    taken_along: int
    left_alone: int
    scenario: ScenarioShape


class Pause(Asked):
    """Why, for those who wonder."""

    why: Words = ""


class Cancelled(BaseModel):
    """What an end has cancelled."""

    recoveries: int
    scenario: ScenarioShape


class Moved(BaseModel):
    """Recoveries moved to the newest version, and what became of their messages.

    `left_alone`: a message of theirs was just being sent; ask again for them.
    """

    recoveries: int
    left_alone: int
    replanned: int
    added: int
    cancelled: int


class Checked(BaseModel):
    """A file that is sound."""

    name: str


def find(request: ApiRequest, scenario_id: UUID) -> Scenario:
    """A scenario of the key's shop. Raises NotFound."""
    found = figures.find_scenario(request.shop.id, scenario_id)
    if found is None:
        raise NotFound("scenario")
    return found


def shape_of(request: ApiRequest, scenario_id: UUID) -> ScenarioShape:
    """The same, as it travels. Raises NotFound."""
    runs = figures.run_figures(request.shop.id, [scenario_id])
    return ScenarioShape.of(find(request, scenario_id), runs.get(scenario_id, {}))
