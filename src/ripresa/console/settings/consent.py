"""A shop's choices about consent, the legal presets, and what a message would be allowed by."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.badges import CHANNELS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.fields import Form, typed_whole
from ripresa.console.settings.legal.words import RULES, own_rows
from ripresa.console.settings.saving import form_room
from ripresa.console.settings.shop import countries_by_name
from ripresa.domain.scenarios.legal_basis.presets import (
    BY_COUNTRY,
    EVERYWHERE,
    find_preset,
    preset_names,
    shipped,
)
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, Relation, decide
from ripresa.domain.scenarios.plans_in_force import plans_of_all
from ripresa.usecases.consent.consent_settings import change_consent_settings

CONFIRM: Mapping[str, Promise | str] = {
    "by_country": _("Where the country asks for it"),
    "always": _("Always"),
    "never": _("Never"),
}
PRESETS: Mapping[str, Promise | str] = {
    "by_country": _("By country"),
    "consent": _("Consent alone"),
    "any": _("Whoever has not said no"),
    "one_reminder": _("One reminder without consent"),
}
STATES: Mapping[str, Promise | str] = {
    "granted": _("said yes"),
    "unknown": _("said nothing"),
    "denied": _("said no"),
}
_ASKED_CHANNELS = ("email", "sms", "letter")
_REMINDERS = 9


class GroundRow(NamedTuple):
    """A country's ground: rules in words by channel, and the law."""

    place: str
    channels: list[tuple[str, list[str]]]
    law: str
    sources: tuple[str, ...]


def _shown(request: ConsoleRequest) -> tuple[Form, Mapping[str, Any]]:
    form, names = Form(), dict(countries_by_name("EU"))
    form.show("confirm_consent", request.shop.confirm_consent)
    preset = request.GET.get("preset", BY_COUNTRY)
    preset = preset if preset in preset_names() else BY_COUNTRY
    found = find_preset(preset)
    rows = [
        GroundRow(
            place if place == EVERYWHERE else names.get(place, place),
            _by_channel(ground.channels),
            gettext(ground.law) if ground.law else "",
            ground.sources,
        )
        for place, ground in found.preset.countries.items()
    ]
    used = {name: plan.legal_basis for name, plan in plans_of_all(request.shop.id).items()}
    return form, {
        "confirm": CONFIRM.items(),
        "preset": preset,
        "presets": [(name, PRESETS.get(name, name)) for name in preset_names()],
        "used": [(name, PRESETS.get(basis, basis)) for name, basis in sorted(used.items())],
        "version": found.version,
        "as_of": shipped().as_of,
        "rows": rows,
        "everywhere": EVERYWHERE,
        "own": own_rows(request.shop.own_bases),
        **_tried(request, preset),
    }


def _by_channel(channels: Mapping[str, tuple[str, ...]]) -> list[tuple[str, list[str]]]:
    """Rules in words, those of all other channels last."""
    ordered = sorted(channels.items(), key=lambda each: (each[0] == EVERYWHERE, each[0]))
    return [(channel, _in_words(rules)) for channel, rules in ordered]


def _in_words(rules: tuple[str, ...]) -> list[str]:
    return [str(RULES.get(name, name)) for name in rules]


def _tried(request: ConsoleRequest, preset: str) -> dict[str, Any]:
    """A message somebody made up, and by which rule it would go."""
    asked, country = request.GET, request.GET.get("country", request.shop.country)
    channel = asked.get("channel", "email")
    said = asked.get("consent", "unknown")
    relation: Relation = "customer" if asked.get("bought") == "yes" else "none"
    reminders = min(typed_whole(asked, "sent") or 0, _REMINDERS)
    hours = typed_whole(asked, "hours")
    case = Case(
        country=country[:2],
        relation=relation,
        channel=channel if channel in _ASKED_CHANNELS else "email",
        has_offer=asked.get("offer") == "yes",
        reminders_sent_before=reminders,
        since_left=timedelta(hours=24 if hours is None else min(hours, 100_000)),
        consent=said if said in STATES else "unknown",
        since_order=timedelta(days=90) if relation == "customer" else None,
        texts_sent_before=reminders if channel == "sms" else 0,
    )
    verdict = decide(preset, case) if "country" in asked else None
    rule = verdict.rule if isinstance(verdict, Allowed) else ""
    name = rule.rpartition("@")[0].rpartition("/")[2]
    return {
        "case": case,
        "hours": case.since_left // timedelta(hours=1),
        "countries": countries_by_name(),
        "channels": [(code, CHANNELS[code]) for code in _ASKED_CHANNELS],
        "states": STATES.items(),
        "is_asked": verdict is not None,
        "rule": rule,
        "rule_in_words": RULES.get(name, name),
    }


def _saved(request: ConsoleRequest, form: Form) -> None:
    confirm = request.POST.get("confirm_consent", "")
    if confirm not in CONFIRM:
        form["confirm_consent"].problem = str(_("Choose one of the list."))
        return
    couple = request.POST.get("couple_channels") == "yes"
    is_same = (couple, confirm) == (request.shop.couple_channels, request.shop.confirm_consent)
    if not is_same:
        # What follows is worked out anew for everybody: not for nothing.
        change_consent_settings(
            shop_id=request.shop.id,
            now=request.now,
            couple_channels=couple,
            confirm_consent=confirm,
        )


view = form_room(
    "settings-consent",
    "console/settings/consent.html",
    _shown,
    _saved,
    switches={"couple_channels": "couple_channels"},
    words={
        "confirm_consent": (_("Ask for a confirmation (double opt-in)"), CONFIRM),
    },
)
