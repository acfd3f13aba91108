"""Whether the legal basis of a scenario allows one message, and by which rule (CNS-5)."""

from datetime import timedelta
from typing import Literal, NamedTuple

import msgspec

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.legal_basis.presets import EVERYWHERE, Rule, find_preset

Relation = Literal["none", "customer"]
CONSENT = "consent"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One message at the moment of its hand-over.

    `country`: the recipient's, ISO 3166. `relation`: customer if an order of hers counts.
    `consent`: granted, denied or unknown, in this channel. `reminders_sent_before`: other steps of
    the same recovery that have been handed over. `since_left`: from the last activity until now.
    `since_order`: from her latest order that counts. `texts_sent_before`: of the same recovery.
    """

    country: str | None
    relation: Relation
    channel: str
    has_offer: bool
    reminders_sent_before: int
    since_left: timedelta
    consent: str
    since_order: timedelta | None = None
    texts_sent_before: int = 0


class Allowed(NamedTuple):
    """It may go; `rule` is what allows it, with its version: `by_country/IT/one_reminder@1`."""

    rule: str


class Refused(NamedTuple):
    """It may not."""

    reason: Reason


def decide(preset: str, case: Case) -> Allowed | Refused:
    """What the preset of that name says. Raises KeyError for a name that is none.

    A refusal stops everywhere; consent allows everywhere.
    """
    found = find_preset(preset)
    if case.consent == "denied":
        return Refused(Reason.NO_CONSENT)
    place = found.preset.place_of(case.country)
    for name in found.preset.countries[place].rules_for(case.channel):
        if fulfils(case, found.rules[name]):
            parts = (preset, name) if place == EVERYWHERE else (preset, place, name)
            return Allowed(f"{'/'.join(parts)}@{found.version}")
    return Refused(Reason.NO_CONSENT if preset == CONSENT else Reason.LEGAL_BASIS)


def fulfils(case: Case, rule: Rule) -> bool:
    """Whether a message fulfils all that a rule asks."""
    if rule.needs_consent and case.consent != "granted":
        return False
    if rule.needs_order and case.relation != "customer":
        return False
    if rule.sent_before is not None and case.reminders_sent_before > rule.sent_before:
        return False
    if rule.texts_before is not None and case.texts_sent_before > rule.texts_before:
        return False
    if case.has_offer and not rule.offer:
        return False
    return _in_time(case.since_left, rule.latest) and _in_time(case.since_order, rule.order_age)


def _in_time(since: timedelta | None, most: timedelta | None) -> bool:
    return most is None or (since is not None and since <= most)


def is_plain(preset: str, country: str | None, channel: str) -> bool:
    """Whether a yes is all that this channel needs there: then nothing else of the case matters."""
    found = find_preset(preset)
    ground = found.preset.countries[found.preset.place_of(country)]
    return any(found.rules[name].is_plain_consent for name in ground.rules_for(channel))
