"""Plain values in one agreed form: addresses, numbers, languages, zones, amounts.

Each function returns the agreed form, or None if the text is no such thing. None of them raises.
"""

import re
from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers
from babel.numbers import list_currencies

from ripresa.core.money import NotMoney, parse_minor

# RFC 5321 bounds (64 before the @, 253 in a domain, 63 in a label), dot-atoms of RFC 5322 and a top
# level of letters: what mailboxes of shoppers look like. Quoted local parts, address literals
# and the like are refused.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*"
    r"@(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
).fullmatch
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*").fullmatch
_COUNTRY = re.compile(r"[A-Za-z]{2}").fullmatch
_DECIMAL = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,20})?").fullmatch
# No blanks, quotes, brackets or backslashes: browsers and mail programs disagree about them.
_URL = re.compile(
    r"https?://([A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?(?:[/?#][^\s\x00-\x1f\x7f\"<>\\^`{|}]*)?"
).fullmatch

_LONGEST_EMAIL = 254
# So short a number is below the bound of core.money in any currency.
_SURELY_IN_RANGE_CHARS = 11

_currencies = frozenset(list_currencies())
# What programs write when they meant to write nothing. As a key it would join strangers.
_PLACEHOLDERS = frozenset(
    {"null", "undefined", "none", "nan", "nil", "[object object]", "n/a", "(null)"}
)
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))


@lru_cache(maxsize=4096)
def normalise_email(text: str) -> str | None:
    """Trimmed, in lower case on both sides of the @, the domain in its ASCII form (IDNA)."""
    local, _, domain = text.strip().rpartition("@")
    if not local.isascii():
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    address = f"{local}@{domain}".lower()
    return address if len(address) <= _LONGEST_EMAIL and _EMAIL(address) else None


@lru_cache(maxsize=4096)
def normalise_phone(text: str) -> str | None:
    """E.164. Needs the + and the country code; the length must be one the country uses."""
    if not text.lstrip().startswith("+"):
        return None
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_country(text: str) -> str | None:
    """Two capitals, as in ISO 3166; whether such a country exists is not asked."""
    return text.upper() if _COUNTRY(text) else None


def host_of(url: str) -> str | None:
    """The host of an absolute http(s) address, lower case, with its port if one is written."""
    match = _URL(url)
    return None if match is None else f"{match[1]}{match[2] or ''}".lower()


def is_locale(text: str) -> bool:
    """Whether it looks like a language tag (BCP 47, or with underscores)."""
    return _LOCALE(text) is not None


@lru_cache(maxsize=1)
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_timezone(text: str) -> bool:
    """Whether it is a zone of the IANA database on this machine."""
    return text in _timezones()


def is_currency(text: str) -> bool:
    """Whether it is an ISO 4217 code, in capitals."""
    return text in _currencies


def is_decimal(text: str) -> bool:
    """Digits, and perhaps a point and digits: no sign, no exponent, no blanks."""
    return _DECIMAL(text) is not None


def is_in_range(text: str, currency: str | None) -> bool:
    """Is the decimal within the bounds of money? Without a currency, two digits are taken."""
    if len(text) <= _SURELY_IN_RANGE_CHARS:
        return True
    try:
        parse_minor(text, currency or "EUR")
    except NotMoney:
        return False
    return True


def is_id(text: str) -> bool:
    """Whether it may name something: printable, not blank at its ends, no placeholder."""
    if not text.isprintable() or text[:1] == " " or text[-1:] == " ":
        return False
    return len(text) > _LONGEST_PLACEHOLDER or text.lower() not in _PLACEHOLDERS
