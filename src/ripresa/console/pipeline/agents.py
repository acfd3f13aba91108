"""Agents: the list, one of them, who is away, and what becomes of her work when she goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.forms import Form
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import MAY_CHANGE, ConsoleRequest, OnlyFor
from ripresa.console.layout.typed import line
from ripresa.console.templatetags.console import amount, country
from ripresa.contracts.plain_values import normalise_email
from ripresa.domain.deals.agents import AgentRow, NotAnAgent, Terms, list_agents, list_rules
from ripresa.usecases.agents import assign_agents
from ripresa.usecases.members.listing import roles_by_address


@dataclass(frozen=True, slots=True)
class Line:
    """An agent as the list shows her. `role`: as what she may sign in, "" if she may not."""

    agent: AgentRow
    is_away: bool
    role: str


@require_http_methods(["GET", "POST"])
@shop_page
def agents(request: ConsoleRequest) -> HttpResponse:
    """GET lists, POST adds somebody."""
    form = Form()
    form.show("email", "")
    form.show("name", "")
    if request.method == "POST":
        if not request.may_change:
            raise OnlyFor(MAY_CHANGE)
        wrong = _add(request)
        if not wrong:
            messages.success(request, _("Added. Customers come by a rule, an import or your hand."))
            return redirect("agents", request.shop.slug)
        form["name"].value = line(request.POST.get("name"))
        form.typed(request.POST, {"email": wrong})
    roles = roles_by_address(request.shop.id)
    return _show(
        request,
        "agents",
        status=422 if form.problems else 200,
        form=form,
        lines=[
            Line(each, _is_away(each, request.now), roles.get(each.email, ""))
            for each in sorted(_all(request), key=lambda one: (not one.is_active, one.email))
        ],
        rules=[
            {"terms": in_words(rule.terms), "agents": ", ".join(rule.agents)}
            for rule in list_rules(shop_id=request.shop.id)
        ],
    )


def _add(request: ConsoleRequest) -> str:
    """Make somebody an agent; what is wrong with it, "" if nothing."""
    email = line(request.POST.get("email"))
    if normalise_email(email) is None:
        return _("One e-mail address, like ada@shop.example.")
    try:
        assign_agents.add_agent(
            shop_id=request.shop.id,
            email=email,
            name=line(request.POST.get("name")),
            now=request.now,
        )
    except NotAnAgent:
        return _("There is an agent with this address already.")
    return ""


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def agent(request: ConsoleRequest, agent_id: UUID) -> HttpResponse:
    """One agent: her name, and when she is away; POST keeps both."""
    found = _find(request, agent_id)
    form = Form()
    form.show("name", found.name)
    is_away = _is_away(found, request.now)
    back_on = timezone.localtime(found.away_until).date() if is_away and found.away_until else None
    form.show("back_on", back_on.isoformat() if back_on else "")
    if request.method == "POST" and _change(request, found, form):
        messages.success(request, _("Saved."))
        return redirect("agents", request.shop.slug)
    return _show(
        request,
        "agent",
        status=422 if form.problems else 200,
        form=form,
        agent=found,
        is_away=is_away,
        role=roles_by_address(request.shop.id).get(found.email, ""),
    )


def _change(request: ConsoleRequest, found: AgentRow, form: Form) -> bool:
    name, typed = (line(request.POST.get(each)) for each in ("name", "back_on"))
    form["name"].value = name
    values: dict[str, str | datetime | None] = {"name": name}
    if typed != form["back_on"].value:
        until = _start_of(typed)
        form["back_on"].value = typed
        if typed and (until is None or until <= request.now):
            form["back_on"].problem = _("A day that is still to come.")
            return False
        values["away_until"] = until
    assign_agents.change_agent(
        shop_id=request.shop.id, email=found.email, now=request.now, **values
    )
    return True


def _start_of(typed: str) -> datetime | None:
    """When that day begins where the shop is; None: it is no day."""
    try:
        return datetime.combine(date.fromisoformat(typed), time(), timezone.get_current_timezone())
    except ValueError:
        return None


@require_POST
@shop_page
@changes_shop
def back(request: ConsoleRequest, agent_id: UUID) -> HttpResponse:
    """She is here again: from being away, or after she had gone for good."""
    found = _find(request, agent_id)
    assign_agents.change_agent(
        shop_id=request.shop.id,
        email=found.email,
        now=request.now,
        is_active=True,
        away_until=None,
    )
    messages.success(request, _("%(email)s is back.") % {"email": found.email})
    return redirect("agents", request.shop.slug)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def end(request: ConsoleRequest, agent_id: UUID) -> HttpResponse:
    """GET says what is hers and asks who goes on with it; POST lets her go."""
    found = _find(request, agent_id)
    others = [one for one in _all(request) if one.is_active and one.id != agent_id]
    problem = ""
    if request.method == "POST":
        try:
            return _end(request, found, others)
        except NotAnAgent:
            problem = _("Say who goes on with it: choose one of the list.")
    return _show(
        request,
        "agent_end",
        status=422 if problem else 200,
        agent=found,
        others=others,
        problem=problem,
    )


def _end(request: ConsoleRequest, found: AgentRow, others: Sequence[AgentRow]) -> HttpResponse:
    typed = request.POST.get("heir", "")
    heir = next((one for one in others if str(one.id) == typed), None)
    has_work = bool(found.open_deals or found.customers)
    if heir is None and (typed not in {"", "nobody"} or (has_work and typed != "nobody")):
        raise NotAnAgent("neither an agent nor nobody")
    done = assign_agents.end_agent(
        shop_id=request.shop.id,
        agent_id=found.id,
        heir_id=heir.id if heir else None,
        who=request.user.get_username(),
        now=request.now,
    )
    told = {"email": found.email, "heir": heir.name or heir.email if heir else "", **done._asdict()}
    said = [_("%(email)s is no agent any more.") % told]
    if heir is not None:
        said.append(_("%(heir)s has now – deals: %(deals)d, customers: %(customers)d.") % told)
    elif done.deals:
        said.append(_("Open deals that are nobody’s now: %(deals)d.") % told)
    messages.success(request, " ".join(said))
    return redirect("agents", request.shop.slug)


def in_words(terms: Terms) -> str:
    """For whom a rule is, as the reader says it."""
    said = [", ".join(country(code) for code in terms.countries)]
    if terms.segment:
        said.append(_("segment “%(name)s”") % {"name": terms.segment})
    if terms.at_least_minor is not None:
        said.append(_("from %(sum)s") % {"sum": amount(terms.at_least_minor, terms.currency)})
    if terms.below_minor is not None:
        said.append(_("below %(sum)s") % {"sum": amount(terms.below_minor, terms.currency)})
    return "; ".join(filter(None, said)) or _("Everybody")


def _show(request: ConsoleRequest, page: str, *, status: int, **context: Any) -> HttpResponse:
    template = f"console/pipeline/{page}.html"
    return show(request, template, "pipeline", status=status, **context)


def _all(request: ConsoleRequest) -> list[AgentRow]:
    return list_agents(shop_id=request.shop.id)


def _find(request: ConsoleRequest, agent_id: UUID) -> AgentRow:
    found = next((one for one in _all(request) if one.id == agent_id), None)
    if found is None:
        raise Http404("no such agent in this shop")
    return found


def _is_away(agent: AgentRow, now: datetime) -> bool:
    return agent.is_active and agent.away_until is not None and agent.away_until > now
