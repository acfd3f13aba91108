"""Scenarios as files: in, out, checked, and version by version."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Path, Query, Router
from ninja.responses import Status

from ripresa.api.protocol.access import READ, SEND, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_number, by_number, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.scenarios.shapes import (
    Checked,
    PublishedShape,
    ScenarioShape,
    VersionShape,
    find,
    shape_of,
)
from ripresa.api.shapes.yaml_file import FILE_IN, FILE_OUT, answer_file, invalid, read_file
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.queries import find_version, list_versions
from ripresa.usecases.approvals.asking import NeedsApproval
from ripresa.usecases.scenarios.publish_scenario import Published, check_scenario, publish_scenario

router = Router(tags=["scenarios"])

FILE_NAME = "scenario.yaml"
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


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


@router.post(
    "/scenarios/check",
    response=Checked,
    auth=READ,
    operation_id="check_scenario",
    openapi_extra=FILE_IN,
)
def check(request: ApiRequest) -> Checked:
    """Say whether a file could be stored, and if not, everything that is wrong; stores nothing."""
    return Checked(name=_checked_name(request, read_file(request)))


@router.get(
    "/scenarios/{scenario_id}", response=ScenarioShape, auth=READ, operation_id="get_scenario"
)
def get_scenario(request: ApiRequest, scenario_id: UUID) -> ScenarioShape:
    """One scenario."""
    return shape_of(request, scenario_id)


@router.get(
    "/scenarios/{scenario_id}/file",
    auth=READ,
    operation_id="export_scenario",
    openapi_extra=FILE_OUT,
)
def export_scenario(request: ApiRequest, scenario_id: UUID) -> HttpResponse:
    """The file of its newest version, word for word."""
    return answer_file(figures.version_of(find(request, scenario_id)).text)


@router.put(
    "/scenarios/{scenario_id}/file",
    response=PublishedShape,
    auth=WRITE,
    operation_id="publish_scenario",
    openapi_extra=FILE_IN,
)
def put_file(request: ApiRequest, scenario_id: UUID) -> PublishedShape:
    """Make a file its next version; new recoveries run on it, those under way finish on theirs."""
    scenario, text = find(request, scenario_id), read_file(request)
    name = _checked_name(request, text)
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
    scenario = find(request, scenario_id)
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


def _publish(request: ApiRequest, text: str) -> Published:
    # The next version of one that is live writes to people at once: that takes what going live takes.
    name = _checked_name(request, text)
    if SEND.scope not in request.auth.scopes and figures.is_live(request.shop.id, name):
        raise Refused(403, f"{name!r} is live: its next version needs the scope 'send'")
    try:
        return publish_scenario(
            shop_id=request.shop.id, text=text, file_name=FILE_NAME, now=request.now
        )
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
    except NeedsApproval as needed:
        raise Refused(409, str(needed)) from None


def _published(made: Published) -> PublishedShape:
    fields: dict[str, Any] = {name: getattr(made, name) for name in PublishedShape.model_fields}
    return PublishedShape(**fields)


def _checked_name(request: ApiRequest, text: str) -> str:
    try:
        return check_scenario(text, file_name=FILE_NAME, shop=request.shop).name
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
