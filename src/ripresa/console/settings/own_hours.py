"""A shop's own quiet hours: a week or the holidays typed, what that would change shown, then saved."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from babel.core import Locale
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import CHANNELS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned, fitting
from ripresa.console.layout.writing import locale
from ripresa.console.overtaking.marks import asked, differences, is_overtaken, mark
from ripresa.console.settings.fields import Form
from ripresa.console.settings.frame import show_settings
from ripresa.console.settings.shop import countries_by_name
from ripresa.domain.scenarios.hours.document import (
    CLOSED,
    DAYS,
    EVERYWHERE,
    BadHours,
    Holiday,
    ShopHours,
    Week,
    read_hours,
)
from ripresa.usecases.shops.shop_hours import change_hours, preview_hours

ROOM = "settings-hours"
_HELD = ("email", "sms", "letter")
_USUAL = "09:00-20:00"
_MOST_TYPED = 50_000


def places() -> list[tuple[str, str]]:
    """Where a week may hold: everywhere else first."""
    return [(EVERYWHERE, _("Everywhere else")), *countries_by_name()]


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def week(request: ConsoleRequest) -> HttpResponse:
    """GET shows the week of one channel in one country, POST what saving it would change."""
    hours, form = read_hours(request.shop.hours), Form()
    said = request.POST or request.GET
    channel, country = said.get("channel", "sms"), said.get("country", EVERYWHERE)
    others = tuple(one for one in hours.hours if (one.channel, one.country) != (channel, country))
    known = next((one for one in hours.hours if one not in others), None)
    form.show("channel", channel if channel in _HELD else "sms")
    form.show("country", country if country in dict(places()) else EVERYWHERE)
    told: dict[str, Any] = {"seen": mark(hours.hours)}
    if request.method == "POST" and is_overtaken(request, told["seen"]):
        theirs = _lines(_days({}, known))
        hers = "" if "remove" in request.POST else _lines(_days(request.POST, known))
        told = asked(request, differences(theirs, hers), told["seen"])
    elif request.method == "POST":
        typed = {} if "remove" in request.POST else _typed_week(request.POST)
        said_rows = [msgspec.to_builtins(one) for one in others]
        if "remove" not in request.POST:
            said_rows.append({"channel": channel, "country": country, "week": typed})
        try:
            new = read_hours({**msgspec.to_builtins(hours), "hours": said_rows})
        except BadHours:
            form["channel"].problem = _("Each open day needs a time from and a later one until.")
        else:
            return _look(request, new)
    days = _days(request.POST, known)
    status = 409 if "meanwhile" in told else 422 if form.problems else 200
    return show_settings(
        request, "console/settings/week.html", ROOM, status=status,
        form=form, days=days, is_known=known is not None, places=places(),
        channels=[(code, CHANNELS[code]) for code in _HELD], **told,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def holidays(request: ConsoleRequest) -> HttpResponse:
    """GET shows the holidays, a line each, POST what saving them would change."""
    hours, form = read_hours(request.shop.hours), Form()
    form.show("days", "\n".join(_line(one) for one in hours.holidays))
    chosen: tuple[str, ...] = hours.holiday_channels
    told: dict[str, Any] = {"seen": mark(hours.holidays, hours.holiday_channels)}
    if request.method == "POST":
        theirs = _listed(form["days"].value, chosen)
        form["days"].value = fitting(request.POST.get("days", ""), _MOST_TYPED)
        chosen = tuple(one for one in _HELD if one in request.POST.getlist("channels"))
        if is_overtaken(request, told["seen"]):
            found = differences(theirs, _listed(form["days"].value, chosen))
            told = asked(request, found, told["seen"])
        elif (new := _typed_holidays(form, hours, chosen)) is not None:
            return _look(request, new)
    status = 409 if "meanwhile" in told else 422 if form.problems else 200
    return show_settings(
        request, "console/settings/holidays.html", ROOM, status=status,
        form=form, channels=[(code, CHANNELS[code], code in chosen) for code in _HELD], **told,
    )  # fmt: skip


def _typed_holidays(form: Form, hours: ShopHours, chosen: tuple[str, ...]) -> ShopHours | None:
    """The hours with these holidays; None: a line is none, and stands in the form."""
    days = [_read_line(line) for line in form["days"].value.splitlines() if line.strip()]
    try:
        return read_hours({
            **msgspec.to_builtins(hours), "holidays": days, "holiday_channels": chosen,
        })  # fmt: skip
    except BadHours as wrong:
        form["days"].problem = _("This is no day: %s") % _wrong_line(form["days"].value, wrong)
        return None


def _listed(days: str, chosen: tuple[str, ...]) -> str:
    return "\n".join([*days.splitlines(), ", ".join(str(CHANNELS[code]) for code in chosen)])


@require_POST
@shop_page
@changes_shop
def save(request: ConsoleRequest) -> HttpResponse:
    """Save what was looked at; where the hours were changed meanwhile, it is looked at again."""
    try:
        new = read_hours(json.loads(request.POST.get("document", "")))
    except (ValueError, RecursionError):
        return HttpResponseBadRequest("no hours")
    if request.POST.get("was") != _was(request):
        messages.warning(request, _("Somebody has changed the hours meanwhile: look again."))
        return _look(request, new)
    change_hours(shop_id=request.shop.id, hours=new, now=request.now)
    messages.success(request, _("Saved. What waits is looked at again at once."))
    return redirect(ROOM, request.shop.slug)


def _look(request: ConsoleRequest, new: ShopHours) -> HttpResponse:
    """What saving `new` would change, and the button that saves it."""
    told = preview_hours(shop=request.shop, hours=new, now=request.now)
    return show_settings(
        request, "console/settings/hours_change.html", ROOM, told=told, weeks=shown(new),
        holidays=new.holidays, document=json.dumps(new.told()), was=_was(request),
    )  # fmt: skip


def shown(hours: ShopHours) -> list[dict[str, Any]]:
    """The weeks as the page shows them, days with the same hours together."""
    names, countries = _weekdays("abbreviated"), dict(places())
    return [
        {
            "channel": one.channel,
            "country": one.country,
            "place": countries.get(one.country, one.country),
            "spans": _spans(one, names),
        }
        for one in sorted(hours.hours, key=lambda each: (each.channel, each.country))
    ]


def _spans(one: Week, names: list[str]) -> list[tuple[str, str]]:
    """(days, hours), neighbours with the same hours as one; closed: no hours."""
    spans: list[list[str]] = []
    for day, name in zip(DAYS, names, strict=True):
        hours = one.week.get(day, CLOSED)
        if spans and spans[-1][2] == hours:
            spans[-1][1] = name
        else:
            spans.append([name, name, hours])
    return [
        (
            first if first == end else f"{first}–{end}",
            "" if hours == CLOSED else hours.replace("-", "–"),
        )
        for first, end, hours in spans
    ]


def _weekdays(width: str) -> list[str]:
    """Their names in the reader's language, Monday first."""
    names = Locale.parse(locale()).days["stand-alone"][width]
    return [names[day] for day in range(len(DAYS))]


def _was(request: ConsoleRequest) -> str:
    return json.dumps(request.shop.hours, sort_keys=True)


def _typed_week(post: Mapping[str, str]) -> dict[str, str]:
    """What was typed by day; a day without times is closed, midnight as an end is 24:00."""
    typed: dict[str, str] = {}
    for day in DAYS:
        start, until = (cleaned(post.get(f"{day}-{end}"))[:5] for end in ("from", "until"))
        if start or until:
            typed[day] = f"{start}-{'24:00' if until == '00:00' else until}"
    return typed


def _days(post: Mapping[str, str], known: Week | None) -> list[tuple[str, str, str, str]]:
    """(day, name, from, until) as typed, else as stored, else usual."""
    rows: list[tuple[str, str, str, str]] = []
    for day, name in zip(DAYS, _weekdays("wide"), strict=True):
        stored = _USUAL if known is None else known.week.get(day, CLOSED)
        start, _dash, until = ("", "", "") if stored == CLOSED else stored.partition("-")
        start, until = post.get(f"{day}-from", start), post.get(f"{day}-until", until)
        rows.append((day, name, start[:5], "00:00" if until == "24:00" else until[:5]))
    return rows


def _lines(days: list[tuple[str, str, str, str]]) -> str:
    return "\n".join(f"{name} {start}–{until}" for _day, name, start, until in days if start)


def _line(one: Holiday) -> str:
    place = "" if one.country == EVERYWHERE else f"{one.country} "
    return f"{place}{one.on} {one.name}".strip()


def _read_line(line: str) -> dict[str, str]:
    """`DE 10-03 Day of German Unity`: a country or none, the day, a name or none."""
    first, _space, rest = cleaned(line).partition(" ")
    is_place = len(first) == 2 and first.isalpha()  # noqa: PLR2004
    day, _space, name = rest.strip().partition(" ") if is_place else (first, "", rest)
    return {"on": day, "name": name.strip(), "country": first.upper() if is_place else EVERYWHERE}


def _wrong_line(text: str, wrong: BadHours) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    number = str(wrong).removeprefix("holidays[").partition("]")[0]
    return cleaned(lines[int(number)])[:80] if number.isdigit() else str(wrong)
