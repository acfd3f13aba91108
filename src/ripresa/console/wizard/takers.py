"""How many of the latest carts a draft would take up, beside what is being written."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.wizard.views import get_draft
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText, branches_of
from ripresa.usecases.scenarios.count_takers import DAYS, MOST, Takers, count_takers
from ripresa.usecases.scenarios.publish_scenario import check_scenario

_FILE = "scenario.yaml"


@dataclass(frozen=True, slots=True)
class Lane:
    """A branch of the file with how many it takes. `is_this`: the one whose condition is on the page."""

    key: str
    name: str
    taken: int
    is_this: bool


@require_safe
@shop_page
@changes_shop
def audience(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """For how many of the latest carts the draft is as it is saved, and how many each branch takes."""
    draft = get_draft(request, draft_id)
    return show_part(request, "console/wizard/_audience.html", **counted(request, draft.text))


def counted(
    request: ConsoleRequest, text: str, *, branch: str = "", step_id: str = ""
) -> dict[str, Any]:
    """What the file `text` would take, for a template; `takers` None where the file isn't right yet.

    `branch`: the key of the one that is being asked about; `step_id`: the step, if it is one.
    """
    found: Takers | None = None
    lanes: list[Lane] = []
    try:
        plan = check_scenario(text, file_name=_FILE, shop=request.shop)
    except ScenarioInvalid:
        plan = None
    if plan is not None:
        found = count_takers(shop_id=request.shop.id, plan=plan, now=request.now, step_id=step_id)
        lanes = [
            Lane(f"b{number}", name, found.by_branch.get(name, 0), f"b{number}" == branch)
            for number, name in enumerate(_names(text))
        ]
    this = next((lane.taken for lane in lanes if lane.is_this), 0)
    return {"takers": found, "lanes": lanes, "this": this, "days": DAYS, "most": MOST}


def _names(text: str) -> list[str]:
    """The names of the branches of a file that has any."""
    found = branches_of(ScenarioText(text))
    return [str(branch.get("name", "")) for path, branch in found if path[0] == "branches"]
