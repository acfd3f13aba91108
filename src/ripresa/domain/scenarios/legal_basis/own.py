"""What a shop asks beyond a preset, by country and channel: stricter than the law's preset, never laxer.

A shop's rule is asked after the preset of the scenario and can only say no, whatever preset that is.
"""

from typing import Any, Literal

import msgspec
from babel.core import get_global

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.legal_basis.presets import BY_COUNTRY, Found, Rule, find_preset
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, Refused, fulfils

Channel = Literal["email", "sms", "letter"]
CHANNELS: tuple[Channel, ...] = ("email", "sms", "letter")
_YES = Rule(needs_consent=True)


class BadBases(ValueError):
    """A shop's own rules make no sense; the message names the field and what would."""


class LaxerThanLaw(BadBases):
    """A rule lets something go that the country's preset does not."""


class OwnBasis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold for one country (ISO 3166) in one channel: a yes, or the rule of that name."""

    country: str
    channel: Channel
    rule: str

    @property
    def line(self) -> str:
        """In brief, for the log."""
        return f"{self.country} {self.channel}: {self.rule}"


OwnBases = tuple[OwnBasis, ...]


def stored_bases(said: Any) -> OwnBases:
    """What the database holds; it was checked when it was saved."""
    return msgspec.convert(said or [], type=OwnBases)


def read_bases(said: Any) -> OwnBases:
    """What a file, the API or the console says; no laxer than the preset. Raises BadBases."""
    try:
        read = msgspec.convert(said or [], type=OwnBases)
    except msgspec.ValidationError as wrong:
        raise BadBases(str(wrong)) from None
    seen, countries = set(), get_global("territory_zones")
    for number, one in enumerate(read):
        if one.country not in countries:
            raise BadBases(f"[{number}].country: {one.country!r} is no country like 'IT'")
        if (one.country, one.channel) in seen:
            raise BadBases(f"[{number}]: {one.channel} in {one.country} stands there twice")
        seen.add((one.country, one.channel))
        stricter = rules_allowed(one.country, one.channel)
        if one.rule not in find_preset(BY_COUNTRY).rules:
            raise BadBases(
                f"[{number}].rule: no rule {one.rule!r}; there are: {', '.join(stricter)}"
            )
        if one.rule not in stricter:
            raise LaxerThanLaw(
                f"[{number}].rule: {one.rule!r} is laxer than the preset for {one.channel} in"
                f" {one.country}; as strict or stricter: {', '.join(stricter)}"
            )
    return read


def rules_allowed(country: str, channel: str) -> tuple[str, ...]:
    """The rules a shop may ask for there: each at least as strict as the preset `by_country`."""
    found = find_preset(BY_COUNTRY)
    ground = found.preset.countries[found.preset.place_of(country)]
    law = [found.rules[name] for name in ground.rules_for(channel)]
    return tuple(
        name
        for name, rule in found.rules.items()
        if all(any(_implies(each, one) for one in law) for each in _ways(rule))
    )


def narrow(verdict: Allowed | Refused, own: str | None, case: Case) -> Allowed | Refused:
    """What is left of a preset's verdict by the shop's own rule of that name; None: it asks for nothing."""
    if own is None or isinstance(verdict, Refused):
        return verdict
    found: Found = find_preset(BY_COUNTRY)
    # A rule that has gone from the installation's own file is asked as the strictest that there is.
    ways = _ways(found.rules.get(own, _YES))
    return verdict if any(fulfils(case, way) for way in ways) else Refused(Reason.LEGAL_BASIS)


def _ways(rule: Rule) -> tuple[Rule, ...]:
    """A yes does beside each rule that does not ask for one itself."""
    return (rule,) if rule.needs_consent else (_YES, rule)


def _implies(strict: Rule, lax: Rule) -> bool:
    """Whether whatever fulfils `strict` fulfils `lax`."""
    return (
        strict.needs_consent >= lax.needs_consent
        and strict.needs_order >= lax.needs_order
        and strict.offer <= lax.offer
        and _within(strict.sent_before, lax.sent_before)
        and _within(strict.texts_before, lax.texts_before)
        and _within(strict.latest, lax.latest)
        and _within(strict.order_age, lax.order_age)
    )


def _within(strict: Any, lax: Any) -> bool:
    return lax is None or (strict is not None and strict <= lax)
