"""How the reader's language writes days, durations and money: Babel's rules for the language of the page."""

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent, get_decimal_symbol
from django.utils.translation import get_language, ngettext, to_locale

from ripresa.domain.scenarios.durations import Duration

# Days the way Europe writes them: 20 Nov, not Nov 20.
_LOCALES = {"en": "en_GB"}


def language() -> str:
    """The language of the page: one of the five."""
    return get_language() or "en"


def locale() -> str:
    """Babel's name for it."""
    return to_locale(language())


def day_in_words(day: date, *, with_year: bool = True) -> str:
    """A day as the reader writes it: 20 Nov 2026, 20. Nov. 2026, 20 нояб. 2026 г."""
    skeleton = "yMMMd" if with_year else "MMMd"
    return str(format_skeleton(skeleton, day, locale=_LOCALES.get(language(), locale())))


def number_in_words(value: float | Decimal, most: int = 0, *, least: int = 0) -> str:
    """A number with its thousands apart, and from `least` to `most` digits behind the decimal sign."""
    pattern = "#,##0" + "." * bool(most) + "0" * least + "#" * (most - least)
    return str(format_decimal(value, pattern, locale=locale()))


def share_in_words(value: float | Decimal, most: int = 1) -> str:
    """A share as per cent: 33.33 %, with a space before the sign or without, as the language has it."""
    pattern = Locale.parse(locale()).percent_formats[None].pattern
    return str(
        format_percent(value, pattern.replace("#,##0", "#,##0." + "#" * most), locale=locale())
    )


def as_typed(number: object) -> str:
    """A number as files write it, with the reader's decimal sign: 40.00, 40,00; forms take either."""
    return "" if number is None else str(number).replace(".", get_decimal_symbol(locale()))


def in_words(duration: Duration) -> str:
    """A duration as people say it: 1 day 12 hours."""
    minutes = duration.seconds // 60
    parts = [
        (duration.months, ngettext("%d month", "%d months", duration.months)),
        (minutes // 1440, ngettext("%d day", "%d days", minutes // 1440)),
        (minutes % 1440 // 60, ngettext("%d hour", "%d hours", minutes % 1440 // 60)),
        (minutes % 60, ngettext("%d minute", "%d minutes", minutes % 60)),
    ]
    return " ".join(words % number for number, words in parts if number)
