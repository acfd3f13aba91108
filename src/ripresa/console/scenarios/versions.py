"""Versions of a scenario: what each changed, and each as a file to take away (SCN-12, SCN-13)."""

from itertools import pairwise
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from django.utils.text import slugify

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.scenarios.views import get_scenario
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.file.differences import differences
from ripresa.domain.scenarios.models import ScenarioVersion
from ripresa.domain.scenarios.plan import Plan


@shop_page
def versions(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """All versions, the newest first, each with what it changed."""
    found = get_scenario(request, scenario_id)
    listed = figures.list_versions(found)
    plans = [msgspec.convert(each.plan, Plan) for each in listed]
    changes = [differences(before, after) for after, before in pairwise(plans)]
    rows = list(zip(listed, [*changes, []], strict=True))
    return show(request, "console/scenarios/versions.html", "scenarios", scenario=found, rows=rows)


@shop_page
def version_file(request: ConsoleRequest, scenario_id: UUID, number: int) -> HttpResponse:
    """One version's file, word for word."""
    found = get_scenario(request, scenario_id)
    version = ScenarioVersion.objects.filter(
        shop_id=request.shop.id, scenario_id=found.id, number=number
    ).first()
    if version is None:
        raise Http404("no such version")
    answer = HttpResponse(version.text, content_type="application/yaml; charset=utf-8")
    name = f"{slugify(found.name) or 'scenario'}-{number}.yaml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
