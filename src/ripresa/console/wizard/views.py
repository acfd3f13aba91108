"""The wizard's pages: choose how to begin, the eight steps, the draft as its file, publish, drop."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.connections.sayings import told_now
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.overtaking.marks import differences, is_overtaken, mark, seen_of
from ripresa.console.scenarios.views import get_scenario
from ripresa.console.wizard import pages
from ripresa.console.wizard.steps import BY_KEY, STEPS, after, by_step
from ripresa.contracts.calling.sayings import joined, said_by
from ripresa.domain.campaigns.models import CampaignDraft
from ripresa.domain.scenarios.file.document import Problem, ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.usecases.approvals.asking import NeedsApproval
from ripresa.usecases.drafts import writing

_MOST_UPLOADED = 64 * 1024


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def begin(request: ConsoleRequest) -> HttpResponse:
    """A new scenario: from a proposal, or from a file. Problems of the file are shown in its draft."""
    if request.method != "POST":
        drafts = writing.list_new_drafts(request.shop.id)
        return show(
            request, "console/wizard/begin.html", "scenarios", presets=pages.PRESETS, drafts=drafts
        )
    who = request.user.get_username()
    if (preset := request.POST.get("preset", "")) in writing.PRESETS:
        draft = writing.begin_from_preset(
            shop=request.shop, preset=preset, who=who, now=request.now
        )
        return redirect("wizard-start", request.shop.slug, draft.id)
    text, problem = uploaded(request), ""
    try:
        draft = writing.begin_from_text(shop=request.shop, text=text, who=who, now=request.now)
    except ScenarioInvalid as wrong:
        problem = told_now(joined("; ", wrong.lines())).text
    if not text.strip():
        problem = _("Choose a file, or paste its text.")
    if problem:
        return show(
            request, "console/wizard/begin.html", "scenarios", status=422, presets=pages.PRESETS,
            drafts=writing.list_new_drafts(request.shop.id), problem=problem, text=text,
        )  # fmt: skip
    return redirect("wizard-review", request.shop.slug, draft.id)


def uploaded(request: ConsoleRequest) -> str:
    """The file that came along, else the text that was pasted."""
    sent = request.FILES.get("file")
    if sent is not None and not isinstance(sent, list):
        return bytes(sent.read(_MOST_UPLOADED)).decode("utf-8", errors="replace")
    return request.POST.get("text", "")[:_MOST_UPLOADED]


@require_POST
@shop_page
@changes_shop
def edit(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """The next version of a scenario: opens the draft there is, or begins one."""
    draft = writing.begin_from_scenario(
        scenario=get_scenario(request, scenario_id),
        who=request.user.get_username(),
        now=request.now,
    )
    return redirect("wizard-adjust", request.shop.slug, draft.id)


def step_view(key: str) -> Callable[..., HttpResponse]:
    """The page of one step. GET shows it; POST saves, and goes on where the button says."""

    @require_http_methods(["GET", "POST"])
    @shop_page
    @changes_shop
    def opened(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
        draft = writing.find_draft(request.shop.id, draft_id)
        if draft is None:  # "Back" leads here from a scenario that was just published
            return show(request, "console/wizard/gone.html", "scenarios", status=404)
        if request.method != "POST":
            return _page(request, draft, key)
        scenario = ScenarioText(draft.text)
        wrong = pages.TAKE[key](scenario, request) if key in pages.TAKE else {}
        if holds(request, draft, scenario):
            return _overtaken(request, draft, scenario, key)
        made = pages.change(scenario, request, key)
        wrong |= keep(request, draft, scenario)
        if request.htmx or wrong:
            return _page(request, draft, key, wrong)
        if made:
            return redirect("wizard-condition", request.shop.slug, draft.id, made)
        following = after(key) if request.POST.get("do") == "next" else None
        return redirect((following or BY_KEY[key]).url_name, request.shop.slug, draft.id)

    return opened


def holds(request: ConsoleRequest, draft: ScenarioDraft, scenario: ScenarioText) -> bool:
    """Whether saving would change what somebody else has saved since this page was shown."""
    return is_overtaken(request, mark(draft.text)) and scenario.text() != draft.text


def meanwhile(draft: ScenarioDraft | CampaignDraft, hers: str) -> dict[str, Any]:
    """What stands in the draft by now beside what she would save over it."""
    return {
        "by": draft.saved_by,
        "at": draft.saved_at,
        "differences": differences(draft.text, hers),
        "mark": mark(draft.text),
    }


def show_overtaken(request: ConsoleRequest, told: Mapping[str, Any]) -> HttpResponse:
    """What a page that saves itself is told, wherever it wanted its answer: above the form."""
    answer = show_part(request, "console/wizard/_wrong.html", **told)
    answer.status_code = 409
    answer["HX-Retarget"], answer["HX-Reswap"] = "#wrong", "innerHTML"
    return answer


def _overtaken(
    request: ConsoleRequest, draft: ScenarioDraft, scenario: ScenarioText, key: str
) -> HttpResponse:
    """Nothing is saved; the page goes on showing hers."""
    told = {"meanwhile": meanwhile(draft, scenario.text()), "wrong": {}, "seen": seen_of(request)}
    if request.htmx:
        return show_overtaken(request, told)
    draft.text = scenario.text()
    plan, problems = writing.check(draft, request.shop)
    shown = pages.SHOW[key](request, draft, plan)
    common = {**_common(request, draft, key, problems), **told, "plan": plan}
    template = f"console/wizard/{key}.html"
    return show(request, template, "scenarios", status=409, **{**common, **shown})


def keep(request: ConsoleRequest, draft: ScenarioDraft, scenario: ScenarioText) -> dict[str, str]:
    """Save what was changed; the problem, if the file has grown too long."""
    try:
        writing.save(
            draft=draft, scenario=scenario, who=request.user.get_username(), now=request.now
        )
    except writing.Overtaken:
        return {"": _("Somebody else saved at this very moment; nothing of yours was. Save again.")}
    except ValueError as problem:
        return {"": told_now(said_by(problem)).text}
    return {}


def get_draft(request: ConsoleRequest, draft_id: UUID) -> ScenarioDraft:
    """A draft of the shop. Raises Http404."""
    draft = writing.find_draft(request.shop.id, draft_id)
    if draft is None:
        raise Http404("no such draft in this shop")
    return draft


def frame_of(
    request: ConsoleRequest, draft: ScenarioDraft, key: str, template: str, **shown: Any
) -> HttpResponse:
    """A page of the wizard under its bar of steps."""
    common = _common(request, draft, key, writing.check(draft, request.shop)[1])
    return show(request, template, "scenarios", **{**common, **shown})


def _common(
    request: ConsoleRequest, draft: ScenarioDraft, key: str, problems: Sequence[Problem]
) -> dict[str, Any]:
    blocked = by_step(problems)
    progress = [
        (step, reverse(step.url_name, args=[request.shop.slug, draft.id]), step.key not in blocked)
        for step in STEPS
    ]
    return {
        "draft": draft,
        "step": BY_KEY[key],
        "progress": progress,
        "following": after(key),
        "blocked": blocked,
        "seen": mark(draft.text),
    }


def when_saved(
    request: ConsoleRequest, draft: ScenarioDraft, key: str, wrong: dict[str, str]
) -> HttpResponse:
    """What changes of a page when the browser has saved it by itself."""
    common = _common(request, draft, key, writing.check(draft, request.shop)[1])
    answer = show_part(request, "console/wizard/_saved.html", **common, wrong=wrong)
    answer.status_code = 422 if wrong else 200
    answer.headers["HX-Trigger-After-Swap"] = "draft-saved"
    return answer


def _page(
    request: ConsoleRequest, draft: ScenarioDraft, key: str, wrong: dict[str, str] | None = None
) -> HttpResponse:
    """A step, or what changes of it when the browser has saved it by itself."""
    if request.htmx and request.method == "POST":
        return when_saved(request, draft, key, wrong or {})
    plan, problems = writing.check(draft, request.shop)
    common = {**_common(request, draft, key, problems), "wrong": wrong or {}}
    shown = pages.SHOW[key](request, draft, plan)
    form = shown.get("form")
    if form is not None and wrong:
        form.typed(request.POST, wrong)
    return show(
        request,
        f"console/wizard/{key}.html",
        "scenarios",
        status=422 if wrong else 200,
        plan=plan,
        **common,
        **shown,
    )


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
        scenario = ScenarioText(text)
        if holds(request, draft, scenario):
            told = {"meanwhile": meanwhile(draft, text), "seen": seen_of(request), "text": text}
            return frame_of(
                request, draft, "review", "console/wizard/file.html", status=409, **told
            )
        problems = list(keep(request, draft, scenario).values())
    except ScenarioInvalid as wrong:
        problems = [told_now(one).text for one in wrong.lines()]
    if problems:
        return frame_of(
            request, draft, "review", "console/wizard/file.html", text=text, problems=problems,
            status=422,
        )  # fmt: skip
    messages.success(request, _("The file is saved as your draft."))
    return redirect("wizard-review", request.shop.slug, draft.id)


@require_POST
@shop_page
@changes_shop
def publish(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """The draft becomes a version; a new scenario goes on to its switch."""
    draft = get_draft(request, draft_id)
    is_new = draft.scenario_id is None
    try:
        done = writing.publish(draft=draft, shop=request.shop, now=request.now)
    except ScenarioInvalid:
        messages.warning(request, _("Something still blocks; nothing was published."))
        return redirect("wizard-review", request.shop.slug, draft_id)
    except NeedsApproval:
        return redirect("approval-ask", request.shop.slug, "draft", draft_id)
    text = _("Version %(number)d is published.") % {"number": done.version}
    messages.success(request, text)
    where = "scenario-activate" if is_new else "scenario"
    return redirect(where, request.shop.slug, done.scenario_id)


@require_POST
@shop_page
@changes_shop
def drop(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Forget the draft; a scenario that is published stays as it is."""
    draft = get_draft(request, draft_id)
    writing.drop(draft)
    messages.success(request, _("The draft is gone; what is published stays as it was."))
    if draft.scenario_id is not None:
        return redirect("scenario", request.shop.slug, draft.scenario_id)
    return redirect("scenarios", request.shop.slug)
