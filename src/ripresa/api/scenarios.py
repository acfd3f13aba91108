"""Scenarios: as files in and out, their versions, and going live, pausing, resuming."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Path, Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, SEND, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_number, by_number, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.api.shapes.yaml_file import FILE_IN, FILE_OUT, answer_file, invalid, read_file
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.queries import find_version, list_versions
from ripresa.usecases import activate_scenario as use_case
from ripresa.usecases.publish_scenario import Published, check_scenario, publish_scenario

router = Router(tags=["scenarios"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


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


@router.get("/scenarios", response=Page[ScenarioShape], auth=READ, operation_id="list_scenarios")
def list_scenarios(request: ApiRequest) -> Page[ScenarioShape]:
    """All scenarios of the shop by name, on one page."""
    found = figures.list_scenarios(request.shop.id)
    runs = figures.run_figures(request.shop.id, [each.id for each in found])
    items = [ScenarioShape.of(each, runs.get(each.id, {})) for each in found]
    return Page[ScenarioShape](items=items, next=None)


@router.post(
    "/scenarios",
    response={200: PublishedShape, 201: PublishedShape},
    auth=WRITE,
    operation_id="import_scenario",
    openapi_extra=FILE_IN,
)
def import_scenario(request: ApiRequest) -> Status[PublishedShape]:
    """Store a scenario file: a new scenario as a draft (201), a known name as its next version."""
    made = _publish(request, read_file(request))
    return Status(201 if made.is_new_version and made.version == 1 else 200, _published(made))


@router.get(
    "/scenarios/{scenario_id}", response=ScenarioShape, auth=READ, operation_id="get_scenario"
)
def get_scenario(request: ApiRequest, scenario_id: UUID) -> ScenarioShape:
    """One scenario."""
    return _shape(request, scenario_id)


@router.get(
    "/scenarios/{scenario_id}/file",
    auth=READ,
    operation_id="export_scenario",
    openapi_extra=FILE_OUT,
)
def export_scenario(request: ApiRequest, scenario_id: UUID) -> HttpResponse:
    """The file of its newest version, word for word."""
    return answer_file(figures.version_of(_find(request, scenario_id)).text)


@router.put(
    "/scenarios/{scenario_id}/file",
    response=PublishedShape,
    auth=WRITE,
    operation_id="publish_scenario",
    openapi_extra=FILE_IN,
)
def put_file(request: ApiRequest, scenario_id: UUID) -> PublishedShape:
    """Make a file its next version; new recoveries run on it, those under way finish on theirs."""
    scenario, text = _find(request, scenario_id), read_file(request)
    try:
        name = check_scenario(text, file_name="scenario.yaml", shop=request.shop).name
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
    if name != scenario.name:
        said = f"the file is of {name!r}, this scenario is {scenario.name!r}"
        raise Refused.field("name", said)
    return _published(_publish(request, text))


@router.get(
    "/scenarios/{scenario_id}/versions",
    response=Page[VersionShape],
    auth=READ,
    operation_id="list_versions",
)
def versions(request: ApiRequest, scenario_id: UUID, asked: Query[Paging]) -> Page[VersionShape]:
    """Its versions, the newest first."""
    scenario = _find(request, scenario_id)
    found = list_versions(
        request.shop.id, scenario_id, below=by_number(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_number(row.number))
    items = [VersionShape.of(row, scenario) for row in rows]
    return Page[VersionShape](items=items, next=following)


@router.get(
    "/scenarios/{scenario_id}/versions/{number}/file",
    auth=READ,
    operation_id="export_version",
    openapi_extra=FILE_OUT,
)
def export_version(request: ApiRequest, scenario_id: UUID, number: Number) -> HttpResponse:
    """The file of one version, word for word."""
    version = find_version(request.shop.id, scenario_id, number)
    if version is None:
        raise NotFound("version of a scenario")
    return answer_file(version.text)


@router.get(
    "/scenarios/{scenario_id}/reach", response=Reach, auth=READ, operation_id="reach_of_scenario"
)
def reach(request: ApiRequest, scenario_id: UUID) -> Reach:
    """Whom it would write to that left a cart before it went live: look before you activate."""
    _find(request, scenario_id)
    return _reach(request, scenario_id)


@router.post(
    "/scenarios/{scenario_id}/activate",
    response=Activated,
    auth=SEND,
    operation_id="activate_scenario",
)
def activate(request: ApiRequest, scenario_id: UUID, activation: Activation) -> Activated:
    """Let a draft go live. Carts abandoned before stay untouched unless you say so."""
    _find(request, scenario_id)
    if activation.include_existing:
        now_there = _reach(request, scenario_id).people
        if activation.people != now_there:
            raise Refused(
                409, f"it would reach {now_there} people: send that number as `people` to agree"
            )
    try:
        done = use_case.activate(
            shop_id=request.shop.id,
            scenario_id=scenario_id,
            now=request.now,
            include_existing=activation.include_existing,
        )
    except use_case.NotPossible as wrong:
        raise Refused(409, str(wrong)) from None
    return Activated(
        taken_along=done.taken_along,
        left_alone=done.left_alone,
        scenario=_shape(request, scenario_id),
    )


@router.post(
    "/scenarios/{scenario_id}/pause",
    response=ScenarioShape,
    auth=WRITE,
    operation_id="pause_scenario",
)
def pause(request: ApiRequest, scenario_id: UUID, asked: Pause) -> ScenarioShape:
    """Hold back all its messages; nothing planned is lost. 409 unless it is live."""
    _find(request, scenario_id)
    try:
        use_case.pause(shop_id=request.shop.id, scenario_id=scenario_id, why=asked.why)
    except use_case.NotPossible as wrong:
        raise Refused(409, str(wrong)) from None
    return _shape(request, scenario_id)


@router.post(
    "/scenarios/{scenario_id}/resume",
    response=ScenarioShape,
    auth=SEND,
    operation_id="resume_scenario",
)
def resume(request: ApiRequest, scenario_id: UUID) -> ScenarioShape:
    """Let it go on: what is still due goes out at once. 409 unless it is paused."""
    _find(request, scenario_id)
    try:
        use_case.resume(shop_id=request.shop.id, scenario_id=scenario_id, now=request.now)
    except use_case.NotPossible as wrong:
        raise Refused(409, str(wrong)) from None
    return _shape(request, scenario_id)


def _find(request: ApiRequest, scenario_id: UUID) -> Scenario:
    found = figures.find_scenario(request.shop.id, scenario_id)
    if found is None:
        raise NotFound("scenario")
    return found


def _shape(request: ApiRequest, scenario_id: UUID) -> ScenarioShape:
    runs = figures.run_figures(request.shop.id, [scenario_id])
    return ScenarioShape.of(_find(request, scenario_id), runs.get(scenario_id, {}))


def _reach(request: ApiRequest, scenario_id: UUID) -> Reach:
    found = use_case.count_existing(
        shop_id=request.shop.id, scenario_id=scenario_id, now=request.now
    )
    return Reach(carts=found.carts, people=found.people)


def _publish(request: ApiRequest, text: str) -> Published:
    try:
        return publish_scenario(
            shop_id=request.shop.id, text=text, file_name="scenario.yaml", now=request.now
        )
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None


def _published(made: Published) -> PublishedShape:
    fields: dict[str, Any] = {name: getattr(made, name) for name in PublishedShape.model_fields}
    return PublishedShape(**fields)
