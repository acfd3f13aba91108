"""Writing a campaign: how to begin, the five steps, and keeping it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.campaigns import audience, forms, words
from ripresa.console.connections.sayings import told_now
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import TEMPLATES
from ripresa.console.layout.forms import UNITS, Form
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.overtaking.marks import is_overtaken, mark, seen_of
from ripresa.console.scenarios import timeline
from ripresa.console.segments.builder import uploaded
from ripresa.console.wizard.texts import WRITTEN_OUT, languages_known
from ripresa.console.wizard.views import meanwhile, show_overtaken
from ripresa.contracts.calling.sayings import joined, said_by
from ripresa.domain.campaigns.models import CampaignDraft
from ripresa.domain.campaigns.plan import CampaignPlan
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.messages.senders import list_senders
from ripresa.domain.providers.queries import recorded_only
from ripresa.domain.scenarios.file.document import Problem, ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.legal_basis.presets import preset_names
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.campaigns import drafts
from ripresa.usecases.campaigns.life import NotPossible
from ripresa.usecases.campaigns.preview import of_file, preview
from ripresa.usecases.drafts.writing import Overtaken
from ripresa.usecases.segments import reach

# So many are decided about while somebody waits for the page; everybody is counted.
LOOKED_AT = 500


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def begin(request: ConsoleRequest) -> HttpResponse:
    """A new campaign: from a proposal, or from a file. Problems of the file are shown in its draft."""
    if request.method != "POST":
        return _begin_page(request)
    who, preset = request.user.get_username(), request.POST.get("preset", "")
    if preset in drafts.PRESETS:
        draft = drafts.begin_from_preset(shop=request.shop, preset=preset, who=who, now=request.now)
        return redirect("campaign-audience", request.shop.slug, draft.id)
    text = uploaded(request)
    if not text.strip():
        return _begin_page(request, problem=_("Choose a file, or paste its text."))
    try:
        draft = drafts.begin_from_text(shop=request.shop, text=text, who=who, now=request.now)
    except ScenarioInvalid as wrong:
        return _begin_page(request, problem=told_now(joined("; ", wrong.lines())).text, text=text)
    return redirect("campaign-review", request.shop.slug, draft.id)


def _begin_page(request: ConsoleRequest, problem: str = "", text: str = "") -> HttpResponse:
    return show(
        request, "console/campaigns/begin.html", "campaigns", status=422 if problem else 200,
        presets=words.PRESETS, problem=problem, text=text,
    )  # fmt: skip


def step_view(key: str) -> Callable[..., HttpResponse]:
    """The page of one step. GET shows it; POST saves, and goes on where the button says."""

    @require_http_methods(["GET", "POST"])
    @shop_page
    @changes_shop
    def opened(request: ConsoleRequest, sketch_id: UUID) -> HttpResponse:
        draft = get_draft(request, sketch_id)
        if request.method != "POST":
            return _page(request, draft, key)
        campaign, wrong = ScenarioText(draft.text), {}
        asked = None
        if key == "audience":
            asked = audience.take(request, campaign)
            wrong = asked.wrong
            if request.POST.get("do") == "reach":
                return _reach(request, asked)
        elif key in _TAKE:
            wrong = _TAKE[key](campaign, request)
        if is_overtaken(request, mark(draft.text)) and campaign.text() != draft.text:
            return _overtaken(request, draft, campaign, key)
        wrong |= _save(request, draft, campaign)
        return _after(request, draft, key, wrong, asked)

    return opened


def _save(request: ConsoleRequest, draft: CampaignDraft, campaign: ScenarioText) -> dict[str, str]:
    """Keep it; the problem, if that can't be."""
    try:
        drafts.save(
            draft=draft, campaign=campaign, who=request.user.get_username(), now=request.now
        )
    except Overtaken:
        return {"": _("Somebody else saved at this very moment; nothing of yours was. Save again.")}
    except ValueError as problem:
        return {"": told_now(said_by(problem)).text}
    return {}


def _overtaken(
    request: ConsoleRequest, draft: CampaignDraft, campaign: ScenarioText, key: str
) -> HttpResponse:
    """Nothing is saved; the page goes on showing hers."""
    told = {
        "meanwhile": meanwhile(draft, campaign.text()),
        "seen": seen_of(request),
        "form_id": "builder-form" if key == "audience" else "",
    }
    if request.htmx:
        return show_overtaken(request, told)
    draft.text = campaign.text()
    answer = _page(request, draft, key, told=told)
    answer.status_code = 409
    return answer


def _after(
    request: ConsoleRequest,
    draft: CampaignDraft,
    key: str,
    wrong: dict[str, str],
    asked: audience.Asked | None,
) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.htmx or wrong or do not in {"next", "save"}:
        return _page(request, draft, key, wrong, asked)
    following = words.after(key) if do == "next" else None
    return redirect(words.url_name(following or words.BY_KEY[key]), request.shop.slug, draft.id)


def _reach(request: ConsoleRequest, asked: audience.Asked) -> HttpResponse:
    found = asked.edited.read
    reached = found and reach.reach(request.shop, found.condition, now=request.now)
    return show_part(request, "console/segments/_reach.html", reached=reached)


def get_draft(request: ConsoleRequest, sketch_id: UUID) -> CampaignDraft:
    """A draft of the shop. Raises Http404."""
    draft = drafts.find_draft(request.shop.id, sketch_id)
    if draft is None:
        raise Http404("no such draft in this shop")
    return draft


def _common(
    request: ConsoleRequest, draft: CampaignDraft, key: str, problems: Sequence[Problem]
) -> dict[str, Any]:
    blocked = words.by_step(problems)
    progress = [
        (
            step,
            reverse(words.url_name(step), args=[request.shop.slug, draft.id]),
            step.key not in blocked,
        )
        for step in words.STEPS
    ]
    return {
        "draft": draft,
        "step": words.BY_KEY[key],
        "progress": progress,
        "following": words.after(key),
        "blocked": blocked,
        "seen": mark(draft.text),
        "form_id": "builder-form" if key == "audience" else "",
        "units": UNITS,
    }


def _page(
    request: ConsoleRequest,
    draft: CampaignDraft,
    key: str,
    wrong: dict[str, str] | None = None,
    asked: audience.Asked | None = None,
    *,
    told: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A step, or what changes of it when the browser has saved it by itself; `told`: beside that."""
    plan, problems = drafts.check(draft, request.shop)
    common = {**_common(request, draft, key, problems), "wrong": wrong or {}, **(told or {})}
    is_part = bool(request.htmx) and request.method == "POST"
    if key == "audience":
        asked = asked or audience.stored(request, ScenarioText(draft.text))
        common |= audience.shown(request, asked)
        if is_part:
            part = "_looked" if request.POST.get("do", "") in {"", "look"} else "_shaped"
            return show_part(request, f"console/campaigns/{part}.html", **common)
    if is_part:
        answer = show_part(request, "console/wizard/_saved.html", **common)
        answer.status_code = 422 if wrong else 200
        return answer
    shown = _SHOW[key](request, draft, plan) if key in _SHOW else {}
    form = shown.get("form")
    if isinstance(form, Form) and wrong:
        form.typed(request.POST, wrong)
    return show(
        request, f"console/campaigns/{key}.html", "campaigns", status=422 if wrong else 200,
        plan=plan, **common, **shown,
    )  # fmt: skip


def _message(
    request: ConsoleRequest, draft: CampaignDraft, _plan: CampaignPlan | None
) -> dict[str, Any]:
    campaign = ScenarioText(draft.text)
    form, speaks = forms.show_message(campaign, request.shop)
    there = [one for one in Texts(request.shop.id).list_all() if one.channels != ("agent",)]
    return {
        "form": form,
        "speaks": [(code, ENDONYMS.get(code, code)) for code in speaks],
        "channels": [(one, form[f"by_{one}"]) for one in words.CHANNELS],
        "templates": [(one, TEMPLATES.get(one.name, one.name)) for one in there],
        "languages": [
            (code, ENDONYMS.get(code, code), code in speaks) for code in languages_known(campaign)
        ],
        "senders": list_senders(request.shop.id),
        "written_out": WRITTEN_OUT,
    }


def _coupon(
    request: ConsoleRequest, draft: CampaignDraft, _plan: CampaignPlan | None
) -> dict[str, Any]:
    stock = coupons.stock(shop_id=request.shop.id, now=request.now)
    return {"form": forms.show_coupon(ScenarioText(draft.text)), "stock": stock}


def _budget(
    request: ConsoleRequest, draft: CampaignDraft, _plan: CampaignPlan | None
) -> dict[str, Any]:
    form = forms.show_budget(ScenarioText(draft.text), request.shop)
    bases = timeline.legal_bases()
    return {
        "form": form,
        "modes": words.MODES,
        "costs": [(one, form[f"cost_{one}"]) for one in words.CHANNELS],
        "bases": [(name, bases.get(name, name)) for name in preset_names()],
    }


def _review(
    request: ConsoleRequest, _draft: CampaignDraft, plan: CampaignPlan | None
) -> dict[str, Any]:
    silent = set(plan.step.channels) & recorded_only(request.shop.id) if plan else set()
    return {"reaches_nobody": silent}


_SHOW: dict[str, Callable[..., dict[str, Any]]] = {
    "message": _message,
    "coupon": _coupon,
    "budget": _budget,
    "review": _review,
}
_TAKE: dict[str, Callable[[ScenarioText, ConsoleRequest], dict[str, str]]] = {
    "message": lambda campaign, request: forms.take_message(campaign, request.POST.dict()),
    "coupon": lambda campaign, request: forms.take_coupon(campaign, request.POST.dict()),
    "budget": lambda campaign, request: forms.take_budget(
        campaign, request.POST.dict(), request.shop
    ),
}


@shop_page
@changes_shop
def estimate(request: ConsoleRequest, sketch_id: UUID) -> HttpResponse:
    """Who would get it now, who falls away why, and what it would cost: a rehearsal."""
    plan, _problems = drafts.check(get_draft(request, sketch_id), request.shop)
    found, problem = None, ""
    if plan is not None:
        try:
            found = preview(of_file(request.shop, plan), now=request.now, most=LOOKED_AT)
        except NotPossible as wrong:
            problem = said_by(wrong)
    return show_part(
        request, "console/campaigns/_estimate.html", found=found, fates=words.fates_of(found),
        problem=problem, plan=plan,
    )  # fmt: skip


@require_POST
@shop_page
@changes_shop
def keep(request: ConsoleRequest, sketch_id: UUID) -> HttpResponse:
    """The draft becomes a campaign; whether it starts is asked on the next page."""
    try:
        kept = drafts.keep(draft=get_draft(request, sketch_id), shop=request.shop, now=request.now)
    except ScenarioInvalid:
        messages.warning(request, _("Something still blocks; nothing was kept."))
        return redirect("campaign-review", request.shop.slug, sketch_id)
    return redirect("campaign-start", request.shop.slug, kept.id)


@require_POST
@shop_page
@changes_shop
def drop(request: ConsoleRequest, sketch_id: UUID) -> HttpResponse:
    """Forget the draft; what was kept before stays as it is."""
    drafts.drop(get_draft(request, sketch_id))
    messages.success(request, _("The draft is gone; what was kept stays as it was."))
    return redirect("campaigns", request.shop.slug)
