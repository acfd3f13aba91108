"""A shop's own, stricter legal rules: one chosen, what that would change shown, then saved."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import CHANNELS as CHANNEL_NAMES
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.overtaking.marks import Difference, asked, is_overtaken, mark
from ripresa.console.settings.fields import Form
from ripresa.console.settings.frame import show_settings
from ripresa.console.settings.legal.words import RULES, own_rows
from ripresa.console.settings.shop import countries_by_name
from ripresa.domain.scenarios.legal_basis.own import (
    CHANNELS,
    BadBases,
    LaxerThanLaw,
    OwnBases,
    read_bases,
    rules_allowed,
    stored_bases,
)
from ripresa.domain.scenarios.legal_basis.presets import BY_COUNTRY, find_preset
from ripresa.usecases.consent.own_bases import change_bases, preview_bases, told

ROOM = "settings-consent"


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def own_basis(request: ConsoleRequest) -> HttpResponse:
    """GET shows the shop's rule for one country and channel, POST what saving it would change."""
    stored, form = stored_bases(request.shop.own_bases), Form()
    said = request.POST or request.GET
    place = (said.get("country", request.shop.country), said.get("channel", "email"))
    others = tuple(one for one in stored if (one.country, one.channel) != place)
    known = next((one for one in stored if one not in others), None)
    form.show("country", place[0])
    form.show("channel", place[1])
    form.show("rule", said.get("rule", "consent" if known is None else known.rule))
    seen: dict[str, Any] = {"seen": mark(stored)}
    if request.method == "POST" and is_overtaken(request, seen["seen"]):
        theirs = "" if known is None else known.rule
        hers = "" if "remove" in request.POST else form["rule"].value
        named = Difference(*(str(RULES.get(rule, rule)) for rule in (theirs, hers)))
        seen = asked(request, [named], seen["seen"])
    elif request.method == "POST":
        row = {"country": place[0], "channel": place[1], "rule": form["rule"].value}
        try:
            new = others if "remove" in request.POST else read_bases([*told(others), row])
        except LaxerThanLaw:
            names = [str(RULES.get(each, each)) for each in rules_allowed(*place)]
            form["rule"].problem = _(
                "This is laxer than the preset of that country. Possible there: %s."
            ) % "; ".join(names)
        except BadBases:
            form["rule"].problem = _("Choose one of the list.")
        else:
            return _look(request, new)
    status = 409 if "meanwhile" in seen else 422 if form.problems else 200
    return show_settings(
        request, "console/settings/own_basis.html", ROOM, status=status, **seen,
        form=form, is_known=known is not None, countries=countries_by_name(),
        channels=[(code, CHANNEL_NAMES[code]) for code in CHANNELS],
        rules=[(name, RULES.get(name, name)) for name in find_preset(BY_COUNTRY).rules],
    )  # fmt: skip


@require_POST
@shop_page
@changes_shop
def save(request: ConsoleRequest) -> HttpResponse:
    """Save what was looked at; where the rules were changed meanwhile, it is looked at again."""
    try:
        new = read_bases(json.loads(request.POST.get("document", "")))
    except (ValueError, RecursionError):
        return HttpResponseBadRequest("no rules")
    if request.POST.get("was") != _was(request):
        messages.warning(request, _("Somebody has changed the rules meanwhile: look again."))
        return _look(request, new)
    change_bases(shop_id=request.shop.id, bases=new, now=request.now)
    messages.success(request, _("Saved. Each message that waits is asked when it would leave."))
    return redirect(ROOM, request.shop.slug)


def _look(request: ConsoleRequest, new: OwnBases) -> HttpResponse:
    """What saving `new` would change, and the button that saves it."""
    change = preview_bases(shop=request.shop, bases=new, now=request.now)
    return show_settings(
        request, "console/settings/own_basis_change.html", ROOM, told=change,
        own=own_rows(told(new)), document=json.dumps(told(new)), was=_was(request),
    )  # fmt: skip


def _was(request: ConsoleRequest) -> str:
    return json.dumps(request.shop.own_bases, sort_keys=True)
