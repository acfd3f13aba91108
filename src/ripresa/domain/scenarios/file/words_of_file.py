"""Values that many keys share: languages, countries, currencies, money, names of things there are."""

import difflib
import re
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale

from ripresa.contracts.calling.sayings import Saying, say
from ripresa.core.money import MAX_MINOR, Money, NotMoney, parse_minor
from ripresa.domain.scenarios.file.document import Value, nearest
from ripresa.domain.scenarios.plan import Amount

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_MONEY = re.compile(r"[0-9]{1,13}(\.[0-9]+)?")
_CODE_LENGTH = 2
Thing = Literal["pool", "segment", "stage"]


def read_language(value: Value) -> str | None:
    """A language tag: `it`, `pt-BR`."""
    text = value.text()
    if text is not None and not _LANGUAGE.fullmatch(text):
        value.fail(say("{text!r} is no language; write it like 'it' or 'pt-BR'", text=text))
        return None
    return text


def read_country(value: Value) -> str | None:
    """An ISO 3166 code of two capitals."""
    text = value.text()
    if text is None or text in _countries().values():
        return text
    close = difflib.get_close_matches(text.lower(), _countries(), n=1, cutoff=0.8)
    hint = say("write it like 'IT' or 'GB'")
    if close:
        hint = say("did you mean {word!r}?", word=_countries()[close[0]])
    value.fail(say("{text!r} is no country; {hint}", text=text, hint=hint))
    return None


def read_currency(value: Value) -> str | None:
    """An ISO 4217 code of three capitals."""
    text = value.text()
    if text is None or text in _currencies():
        return text
    value.fail(say("{text!r} is no currency; {hint}", text=text, hint=_nearest_code(text)))
    return None


def read_amount(value: Value, currency: str) -> Amount | None:
    """Money, as a decimal string in `currency`."""
    text = value.text()
    if text is None:
        return None
    if not _MONEY.fullmatch(text):
        value.fail(say('{text!r} is no amount of money; write it like "2000.00"', text=text))
        return None
    try:
        minor = parse_minor(text, currency)
    except NotMoney:
        minor = MAX_MINOR + 1
    if minor > MAX_MINOR:
        value.fail(say("{text!r} is more than anything costs", text=text))
        return None
    if Money(minor, currency).decimal() != Decimal(text):
        value.fail(
            say("{text!r} has more decimals than {currency} has", text=text, currency=currency)
        )
        return None
    return Amount(minor, currency)


def read_name_of(value: Value, thing: Thing, there: Collection[str] | None) -> str | None:
    """The name of something that the shop has; None for `there`: nobody knows what it has."""
    text = value.text()
    if text is None or there is None or text in there:
        return text
    value.fail(_unknown(thing, text, nearest(text, sorted(there)) if there else _none_yet(thing)))
    return None


def _unknown(thing: Thing, name: str, hint: Saying) -> Saying:
    # Whole sentences: in other languages each thing wants its own words around it.
    match thing:
        case "pool":
            return say("there is no pool {name!r}; {hint}", name=name, hint=hint)
        case "segment":
            return say("there is no segment {name!r}; {hint}", name=name, hint=hint)
        case "stage":
            return say("there is no stage {name!r}; {hint}", name=name, hint=hint)


def _none_yet(thing: Thing) -> Saying:
    match thing:
        case "pool":
            return say("the shop has no pool yet")
        case "segment":
            return say("the shop has no segment yet")
        case "stage":
            return say("the shop has no stage yet")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """What people write, in lower case -> code."""
    names = {
        code: name
        for code, name in Locale("en").territories.items()
        if len(code) == _CODE_LENGTH and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ"}
    }
    written = {name.lower(): code for code, name in names.items()}
    return written | {code.lower(): code for code in names} | {"uk": "GB"}


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


def _nearest_code(text: str) -> Saying:
    if text.upper() in _currencies():
        return say("did you mean {word!r}?", word=text.upper())
    return say("write it like 'EUR'")
