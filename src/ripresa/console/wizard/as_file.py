"""The draft as its file: for whoever rather writes it, and for what no page can show."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.wizard.views import frame_of, get_draft, keep, uploaded
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def edit_file(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """GET shows the text; POST keeps it, right or wrong, as long as it is YAML."""
    draft = get_draft(request, draft_id)
    if request.method != "POST":
        return frame_of(request, draft, "review", "console/wizard/file.html", text=draft.text)
    text = uploaded(request).replace("\r\n", "\n")
    problems = []
    try:
        problems = list(keep(request, draft, ScenarioText(text)).values())
    except ScenarioInvalid as wrong:
        problems = wrong.lines()
    if problems:
        return frame_of(
            request, draft, "review", "console/wizard/file.html", text=text, problems=problems,
            status=422,
        )  # fmt: skip
    messages.success(request, _("The file is saved as your draft."))
    return redirect("wizard-review", request.shop.slug, draft.id)
