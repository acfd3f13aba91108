"""The words of the builder: what a condition can ask for, and how it compares."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout import badges
from ripresa.console.layout.language import ENDONYMS

Words = Mapping[str, Promise | str]

GROUPS: Words = {
    "all": _("All of these hold"),
    "any": _("At least one of these holds"),
    "none": _("None of these holds"),
}
FIELDS: Words = {
    "abandonment": _("Left a cart behind"),
    "orders": _("Number of orders"),
    "last_order": _("Latest order"),
    "country": _("Country"),
    "language": _("Language"),
    "consent.email": _("Consent to e-mail"),
    "consent.sms": _("Consent to SMS"),
    "consent.letter": _("Consent to letters"),
    "has_email": _("E-mail address"),
    "has_phone": _("Phone number"),
    "has_address": _("Postal address"),
    "agent": _("Sales agent"),
}
STATES: Words = {
    "any": _("whatever became of it"),
    "not_recovered": _("and it is not recovered"),
    "recovered": _("and it became an order"),
}
COMPARISONS: Words = {
    "gte": _("at least"),
    "gt": _("more than"),
    "lte": _("at most"),
    "lt": _("less than"),
    "eq": _("exactly"),
    "ne": _("anything but"),
}
ONE_OF: Words = {"in": _("is one of"), "ne": _("is none of")}
YES_OR_NO: Words = {"true": _("yes"), "false": _("no")}
IS_OR_NOT: Words = {"true": _("is known"), "false": _("is not known")}
AGO: Words = {"within": _("at most so long ago"), "before": _("at least so long ago")}
CONSENTS: Words = {code: shown.text for code, shown in badges.CONSENT.items()}
LANGUAGES: Words = ENDONYMS

LABELS: Words = {
    "state": _("What became of it"),
    "compared": _("Compared how"),
    "how_many": _("How many"),
    "known": _("Whether it is known"),
    "flag": _("Whether it is so"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "op1": _("Worth, compared how"),
    "amount1": _("Worth, amount"),
    "op2": _("And worth, compared how"),
    "amount2": _("And worth, amount"),
    "within": _("Left at most so long ago"),
    "before": _("Left at least so long ago"),
    "count_op": _("How many, compared how"),
    "count": _("How many such carts"),
}

# How a field is typed: which of the controls of a row it shows.
CONTROLS: Mapping[str, str] = {
    "abandonment": "abandonment",
    "orders": "number",
    "last_order": "ago",
    "country": "words",
    "language": "choices",
    "consent.email": "choices",
    "consent.sms": "choices",
    "consent.letter": "choices",
    "has_email": "yes",
    "has_phone": "yes",
    "has_address": "yes",
    "agent": "words",
}
HINTS: Words = {
    "country": _("Two letters each, of the postal address, like IT, SM."),
    "agent": _("The agent's e-mail address; several with commas."),
}


def choices_of(field: str) -> Words:
    """What can be ticked for a field."""
    return LANGUAGES if field == "language" else CONSENTS


class Vocabulary(NamedTuple):
    """What a builder can ask: its fields, how each is typed, how it is written, what can be ticked."""

    fields: Words
    controls: Mapping[str, str]
    hints: Words
    choices: Callable[[str], Words]


PEOPLE = Vocabulary(FIELDS, CONTROLS, HINTS, choices_of)
