"""What reports say, in the language of the page."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ripresa.console.layout.badges import CHANNELS, TEMPLATES
from ripresa.console.layout.writing import day_in_words, number_in_words
from ripresa.console.steps.titles import StepTitles
from ripresa.domain.attribution import definitions as spoken
from ripresa.domain.attribution.credit import Kind
from ripresa.usecases.reporting.lift_of_scenario import Lack, NotYet
from ripresa.usecases.reporting.names import AGENTS, BY_HAND, OUTSIDE
from ripresa.usecases.reporting.orders import Why

# Beyond that nobody waits for a verdict.
_YEARS_OF_WEEKS = 260


def definitions() -> dict[str, spoken.Definition]:
    """All figures by name, in the reader's language."""
    return {
        name: spoken.Definition(name, _(one.title), _(one.meaning), _(one.dated), one.counted_by)
        for name, one in spoken.definitions().items()
    }


KINDS = {
    Kind.CLICK: gettext_lazy("Clicked"),
    Kind.COUPON: gettext_lazy("Coupon used"),
    Kind.AGENT: gettext_lazy("Agent spoke with her"),
    Kind.LETTER: gettext_lazy("Letter handed over"),
    Kind.OPEN: gettext_lazy("Opened"),
    Kind.SENT: gettext_lazy("Sent, nothing done with it"),
    Kind.DIRECT: gettext_lazy("Came by herself"),
    Kind.OUTSIDE: gettext_lazy("From outside"),
}


def why_in_words(why: Why) -> str:
    """Why a touchpoint has a share of an order, or none."""
    return {
        Why.EARNS: _("Counts."),
        Why.TOO_EARLY: _("Does not count: before the window."),
        Why.MACHINE: _("Does not count: a machine did it, not a person."),
        Why.SENT_ONLY: _("Does not count: nobody did anything with it."),
        Why.CAME_BACK: _("Does not count: it came back, or was taken back before it left."),
        Why.OPENS_OFF: _("Does not count: opens earn nothing here."),
        Why.AGENT_SPOKE: _("Does not count: an agent spoke with her, so e-mails earn nothing."),
        Why.OTHERS_COUNT: _("Does not count: something else did."),
    }[why]


def key_in_words(key: Mapping[str, str], titles: StepTitles) -> str:
    """What a row is about: Left in the cart · Message 1 · E-mail."""
    others = {BY_HAND: _("Sent by hand"), AGENTS: _("Agents"), OUTSIDE: _("From outside")}
    parts = []
    for name, value in key.items():
        if name == "channel":
            parts.append(str(CHANNELS.get(value, value)))
        elif name == "version" and value:
            parts.append(_("version %s") % value)
        elif name == "step":
            parts.append(titles(key.get("scenario", ""), value))
        elif name == "message":
            parts.append(str(TEMPLATES.get(value, value)))
        elif value:
            parts.append(others.get(value, value))
    return " · ".join(filter(None, parts)) or "–"


def lack_in_words(why: NotYet, zone: ZoneInfo) -> str:
    """Why nothing can be told yet, and from which day on something can."""
    if why.lack is Lack.HOLDOUT:
        return _(
            "It holds nobody out, so what would have come anyway can't be told. Give it a hold-out share, "
            "such as 10 %, and it can be measured."
        )
    if why.told_from is None:
        return _("Not enough data yet: hardly anybody has been drawn so far.")
    day = day_in_words(why.told_from.astimezone(zone).date())
    said = ngettext(
        "Not enough data yet: %(people)s person has been drawn so far, and each is watched for 28 days. "
        "The first figures come on %(day)s.",
        "Not enough data yet: %(people)s people have been drawn so far, and each is watched for 28 days. "
        "The first figures come on %(day)s.",
        why.drawn,
    )
    return str(said % {"people": number_in_words(why.drawn), "day": day})


def verdict_in_words(told: Mapping[str, Any]) -> str:
    """What may be said of a hold-out."""
    match told["verdict"]:
        case "lift":
            return _("It brings more than would have come by itself.")
        case "loss":
            return _("It brings less than would have come by itself.")
        case "assignment is broken":
            return _("The split is not the one that was asked for: no result can be told.")
    return _wait_in_words(told)


def difference_in_words(told: Mapping[str, Any]) -> str:
    """What may be said of one arm against the first."""
    match told["verdict"]:
        case "better":
            return _("It brings more than the first.")
        case "worse":
            return _("It brings less than the first.")
        case "assignment is broken":
            return _("The split is not the one that was asked for: no result can be told.")
    return _wait_in_words(told)


def _wait_in_words(told: Mapping[str, Any]) -> str:
    """How long until a verdict, at the pace so far, and what for."""
    weeks = told["weeks_more"]
    if weeks is None:
        return _("Not enough data yet.")
    if weeks > _YEARS_OF_WEEKS:
        return _("Not enough data: at this pace a verdict is more than five years away.")
    match told["people_needed_for"]:
        case "first_buyers":
            said = ngettext(
                "Nobody has bought yet: it takes %d week more at this pace, at least.",
                "Nobody has bought yet: it takes %d weeks more at this pace, at least.",
                weeks,
            )
        case "difference_of_a_fifth":
            said = ngettext(
                "No difference so far. One of a fifth would show in about %d week at this pace.",
                "No difference so far. One of a fifth would show in about %d weeks at this pace.",
                weeks,
            )
        case _:
            said = ngettext(
                "Not enough data yet: about %d week more at this pace.",
                "Not enough data yet: about %d weeks more at this pace.",
                weeks,
            )
    return str(said % weeks)
