"""The shop itself: its names, where it is, its money, times and languages."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.localedata import locale_identifiers
from babel.numbers import get_territory_currencies
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import fitting, line
from ripresa.console.layout.writing import locale
from ripresa.console.overtaking.marks import is_overtaken
from ripresa.console.pictures.views import take_files
from ripresa.console.settings.fields import UNITS, Form, show_span, typed_span
from ripresa.console.settings.frame import show_settings
from ripresa.console.settings.saving import Words, mark_of, overtaken
from ripresa.domain.media.addresses import key_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.kits import logo_path
from ripresa.usecases.shops.change_shop import ScenarioTooQuick, change_shop
from ripresa.usecases.shops.create_shop import NotASetting, check_settings
from ripresa.usecases.templates.brand import change_brand

_LONGEST_ADDRESS, _LONGEST_HOSTS = 500, 5_000
_WORDS = ("name", "store_url", "owner_email", "help_contact", "currency", "country", "language")
_SPANS = ("abandoned_after", "expires_after")
# What to write instead, where the use case refuses a column.
_WRONG: Mapping[str, Promise | str] = {
    "name": gettext_lazy("A shop has a name."),
    "store_url": gettext_lazy("A web address, like https://shop.example."),
    "hosts": gettext_lazy("Names of hosts, like shop.example, one a line."),
    "owner_email": gettext_lazy("One e-mail address, like owner@shop.example."),
    "currency": gettext_lazy("Choose one of the list."),
    "country": gettext_lazy("Choose one of the list."),
    "language": gettext_lazy("Choose one of the list."),
    "timezone": gettext_lazy("Choose one of the list."),
    "abandoned_after": gettext_lazy("From 1 minute to 30 days."),
    "expires_after": gettext_lazy("From 1 hour to 10 years."),
}


@require_http_methods(["GET", "POST"])
@shop_page
def shop_settings(request: ConsoleRequest) -> HttpResponse:
    """GET shows, POST saves all or nothing."""
    form = _form(request.shop)
    marked = mark_of(form)
    told: dict[str, Any] = {"seen": marked}
    if request.method == "POST" and request.may_change and is_overtaken(request, marked):
        told = overtaken(request, form, marked, _words(request.shop))
        _keep_typed(request, form)
    elif request.method == "POST":
        answer = changes_shop(_save)(request, form=form)
        if answer.status_code != 422:  # noqa: PLR2004 (what the form itself answers with)
            return answer
    return show_settings(
        request,
        "console/settings/shop.html",
        "settings",
        status=409 if "meanwhile" in told else 422 if form.problems else 200,
        form=form,
        units=UNITS,
        logo_path=logo_path(request.shop.id),
        **_choices(request.shop),
        **told,
    )


@require_POST
@shop_page
@changes_shop
def logo(request: ConsoleRequest) -> HttpResponse:
    """Bring another logo, or none: it is that of the brand kit, so every mail and letter follows."""
    chosen = ""
    if request.POST.get("do") != "remove":
        taken = take_files(request)
        if not taken:
            return redirect("settings", request.shop.slug)
        chosen = key_of(taken[0]).text
    change_brand(
        shop=request.shop,
        said={"logo": chosen},
        who=request.user.get_username(),
        now=request.now,
    )
    messages.success(
        request,
        _("Mails, letters and pages show it now.")
        if chosen
        else _("The logo is gone: the shop’s name stands in its place."),
    )
    return redirect("settings", request.shop.slug)


def _form(shop: Shop) -> Form:
    form = Form()
    for name in (*_WORDS, "timezone", "address"):
        form.show(name, getattr(shop, name))
    form.show("hosts", "\n".join(shop.hosts))
    for name in _SPANS:
        show_span(form, name, getattr(shop, name))
    return form


def _save(request: ConsoleRequest, form: Form) -> HttpResponse:
    typed = _typed(request)
    wrong: dict[str, str] = {}
    for name, value in typed.items():
        if not _will_do(name, value):
            wrong[name] = str(_WRONG[name])
    if not wrong:
        changed = {
            name: value for name, value in typed.items() if value != getattr(request.shop, name)
        }
        try:
            change_shop(shop_id=request.shop.id, now=request.now, **changed)
        except ScenarioTooQuick:
            wrong["abandoned_after"] = _(
                "A scenario takes carts up sooner than that: give it a longer waiting time first."
            )
    form.typed(request.POST, wrong)
    if wrong:
        _keep_typed(request, form)
        return HttpResponse(status=422)
    messages.success(request, _("Saved."))
    return redirect("settings", request.shop.slug)


def _will_do(name: str, value: object) -> bool:
    try:
        check_settings({name: value})
    except NotASetting:
        return False
    return True


def _typed(request: ConsoleRequest) -> dict[str, Any]:
    post = request.POST
    typed: dict[str, Any] = {name: line(post.get(name)) for name in (*_WORDS, "timezone")}
    typed["owner_email"] = typed["owner_email"].lower()
    lines = fitting(post.get("address", ""), _LONGEST_ADDRESS).splitlines()
    typed["address"] = "\n".join(filter(None, map(line, lines)))
    hosts = fitting(post.get("hosts", ""), _LONGEST_HOSTS)
    typed["hosts"] = hosts.lower().replace(",", " ").split()
    # What is no span of time is as wrong as one that is too short.
    spans = {name: typed_span(post, name) or timedelta() for name in _SPANS}
    return typed | spans


def _keep_typed(request: ConsoleRequest, form: Form) -> None:
    """One wrong field costs nobody the others."""
    for name, field in form.items():
        field.value = request.POST.get(name, "")
        if field.unit:
            field.unit = request.POST.get(f"{name}-unit", field.unit)


def _choices(shop: Shop) -> dict[str, Any]:
    names = Locale.parse(locale())
    return {
        "currencies": _sorted(_currencies() | {shop.currency}, names.currencies),
        "countries": countries_by_name(shop.country),
        "languages": _sorted(_languages() | {shop.language}, names.languages),
        "zones": [(zone, zone.replace("_", " ")) for zone in sorted(_zones() | {shop.timezone})],
    }


def _words(shop: Shop) -> dict[str, Words]:
    """What the choices stand for; the others are words already."""
    choices = _choices(shop)
    lists = ("currencies", "countries", "languages", "zones")
    columns = ("currency", "country", "language", "timezone")
    return {name: ("", dict(choices[each])) for name, each in zip(columns, lists, strict=True)}


def countries_by_name(*others: str) -> list[tuple[str, str]]:
    """Countries by their names in the reader's language, and `others` that are no country's code."""
    return _sorted(_countries() | {*others}, Locale.parse(locale()).territories)


def _sorted(codes: set[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes by their names; each name with its code, since names may be alike."""
    named = [(code, f"{capfirst(names.get(code, code))} ({code})") for code in codes]
    return sorted(named, key=lambda each: each[1].casefold())


@cache
def _countries() -> set[str]:
    special = {"EU", "EZ", "UN", "XA", "XB", "QO", "ZZ"}
    places = map(str, Locale.parse("en").territories)
    return {code for code in places if len(code) == 2 and code.isalpha()} - special  # noqa: PLR2004


@cache
def _currencies() -> set[str]:
    return {money for country in _countries() for money in get_territory_currencies(country)}


@cache
def _languages() -> set[str]:
    return {code for code in locale_identifiers() if len(code) == 2}  # noqa: PLR2004


@cache
def _zones() -> set[str]:
    regions = (
        "Africa/",
        "America/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return {zone for zone in available_timezones() if zone.startswith(regions)} | {"UTC"}
