"""One thing done to many carts: chosen in the list, shown with what will happen, confirmed."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from ripresa.console.carts import by_hand, filters
from ripresa.console.layout import reasons
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.core.delimited.taking_away import BOM, take_away_csv
from ripresa.domain.coupons.pools import NoSuchPool
from ripresa.domain.deals.agents import NotAnAgent, list_agents
from ripresa.usecases.carts import many_carts
from ripresa.usecases.carts.many_carts import (
    MOST_CHANGED,
    MOST_SENT,
    Chosen,
    Prospect,
    choose_carts,
)
from ripresa.usecases.files.exporting import export_chosen
from ripresa.usecases.send_by_hand import NotAsked

_NOBODY = UUID(int=0)
_MOST = {"send": MOST_SENT, "cancel": MOST_CHANGED, "assign": MOST_CHANGED}
_OWN_REASONS: Mapping[str, Promise | str] = {
    "nobody": gettext_lazy("Nobody reachable is known behind this cart."),
    "same_person": gettext_lazy("The same person, with another cart of these."),
}
_VERDICTS: Mapping[str, tuple[Promise | str, str]] = {
    "goes": (gettext_lazy("Goes"), "green"),
    "later": (gettext_lazy("Later"), "amber"),
    "not": (gettext_lazy("Falls away"), "plain"),
}


@require_POST
@shop_page
@changes_shop
def many(request: ConsoleRequest) -> HttpResponseBase:
    """What was chosen with what would happen; once confirmed, it is done."""
    do = request.POST.get("confirmed") or request.POST.get("do", "")
    if do == "export":
        return _export(request)
    if do not in _MOST:
        return redirect("carts", request.shop.slug)
    chosen = _chosen(request, _MOST[do])
    if not chosen.carts:
        messages.info(request, _("Choose carts first, or all that fit the filters."))
        return _back(request)
    if "confirmed" in request.POST:
        problem = _DO[do](request, chosen)
        if not problem:
            return _back(request)
        return _ask(request, do, chosen, problem)
    return _ask(request, do, chosen, "")


def _chosen(request: ConsoleRequest, most: int) -> Chosen:
    ids = [] if "all" in request.POST else _ids(request)
    if not ids and "all" not in request.POST:
        return Chosen([], is_cut=False)
    only = filters.read(QueryDict(request.POST.get("query", "")), request.shop).only
    return choose_carts(request.shop.id, ids=ids, only=only, most=most)


def _ids(request: ConsoleRequest) -> list[UUID]:
    """The carts that are ticked, or that a page before has listed, parted by commas."""
    found = []
    for text in ",".join(request.POST.getlist("cart")).split(","):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _back(request: ConsoleRequest) -> HttpResponse:
    asked = filters.read(QueryDict(request.POST.get("query", "")), request.shop)
    address = reverse("carts", args=[request.shop.slug])
    return redirect(f"{address}?{asked.query}" if asked.query else address)


def _ask(request: ConsoleRequest, do: str, chosen: Chosen, problem: str) -> HttpResponse:
    titles = {
        "send": _("Send by hand"),
        "cancel": _("Cancel recovery"),
        "assign": _("Assign agent"),
    }
    context: dict[str, Any] = {
        "do": do,
        "title": titles[do],
        "carts": chosen.carts,
        "ids": ",".join(str(one.id) for one in chosen.carts),
        "is_cut": chosen.is_cut,
        "most": _MOST[do],
        "query": filters.read(QueryDict(request.POST.get("query", "")), request.shop).query,
        "problem": problem,
        **_ASK[do](request, chosen),
    }
    return show(
        request,
        "console/carts/many.html",
        "carts",
        status=422 if context["problem"] else 200,
        **context,
    )


def _ask_send(request: ConsoleRequest, chosen: Chosen) -> dict[str, Any]:
    texts = by_hand.texts_of(request.shop.id)
    choice = by_hand.read_choice(request.POST, texts)
    wanted = choice.wanted(_NOBODY, request.user.get_username())
    found: dict[str, Any] = {"texts": texts, "choice": choice, "pools": by_hand.pools_of(request)}
    try:
        prospects = many_carts.look_at_many(
            shop_id=request.shop.id, carts=chosen.carts, wanted=wanted, now=request.now
        )
    except (NotAsked, NoSuchPool) as wrong:
        return {**found, "problem": by_hand.in_words(wrong), "can_do": False, "prospects": []}
    counts = Counter(one.verdict for one in prospects)
    why = Counter(one.reason for one in prospects if one.verdict == "not")
    going = counts["goes"] + counts["later"]
    return {
        **found,
        "goes": counts["goes"],
        "later": counts["later"],
        "falls": counts["not"],
        "reasons": [(_why(code), number) for code, number in why.most_common()],
        "prospects": [_line(one) for one in prospects],
        "can_do": going > 0,
        "button": ngettext("Send to %d person", "Send to %d people", going) % going,
    }


def _line(one: Prospect) -> tuple[Prospect, str, str, str]:
    said, tone = _VERDICTS[one.verdict]
    return one, str(said), tone, _why(one.reason) if one.reason else ""


def _why(code: str) -> str:
    return str(_OWN_REASONS.get(code) or reasons.sentence(code))


def _ask_cancel(request: ConsoleRequest, chosen: Chosen) -> dict[str, Any]:
    number = len(many_carts.open_recoveries(request.shop.id, chosen.carts))
    return {"recoveries": number, "can_do": number > 0, "button": _("Cancel recovery")}


def _ask_assign(request: ConsoleRequest, chosen: Chosen) -> dict[str, Any]:
    agents = [one for one in list_agents(shop_id=request.shop.id) if one.is_active]
    return {"agents": agents, "can_do": bool(agents and chosen.carts), "button": _("Assign agent")}


def _send(request: ConsoleRequest, chosen: Chosen) -> str:
    texts = by_hand.texts_of(request.shop.id)
    wanted = by_hand.read_choice(request.POST, texts).wanted(_NOBODY, request.user.get_username())
    try:
        done = many_carts.send_to_many(
            shop_id=request.shop.id, carts=chosen.carts, wanted=wanted, now=request.now
        )
    except (NotAsked, NoSuchPool) as wrong:
        return by_hand.in_words(wrong)
    said = _("%(planned)d messages are planned; %(fell)d carts fell away.")
    messages.success(request, said % {"planned": done.planned, "fell": done.fell_away})
    return ""


def _cancel(request: ConsoleRequest, chosen: Chosen) -> str:
    number = many_carts.cancel_many(shop_id=request.shop.id, carts=chosen.carts, now=request.now)
    said = ngettext("%d recovery is cancelled.", "%d recoveries are cancelled.", number)
    messages.success(request, said % number)
    return ""


def _assign(request: ConsoleRequest, chosen: Chosen) -> str:
    try:
        number = many_carts.assign_many(
            shop_id=request.shop.id,
            carts=chosen.carts,
            agent=request.POST.get("agent", ""),
            now=request.now,
        )
    except NotAnAgent:
        return _("There is no such agent any more.")
    said = ngettext("%d person has this agent now.", "%d people have this agent now.", number)
    messages.success(request, said % number)
    return ""


def _export(request: ConsoleRequest) -> HttpResponseBase:
    if "all" in request.POST:
        only = filters.read(QueryDict(request.POST.get("query", "")), request.shop).only
        ids = list(only.carts(request.shop.id).order_by("-left_at").values_list("id", flat=True))
    else:
        ids = _ids(request)
    rows = export_chosen("carts", shop_id=request.shop.id, ids=ids)
    return take_away_csv(rows, "carts", mark=BOM)


_ASK: Mapping[str, Callable[[ConsoleRequest, Chosen], dict[str, Any]]] = {
    "send": _ask_send,
    "cancel": _ask_cancel,
    "assign": _ask_assign,
}
_DO: Mapping[str, Callable[[ConsoleRequest, Chosen], str]] = {
    "send": _send,
    "cancel": _cancel,
    "assign": _assign,
}
