"""Money: whole minor units and an ISO 4217 currency, never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision

from ripresa.core.words.patterned import Patterned

digits_of = lru_cache(maxsize=512)(get_currency_precision)

# Above this a "price" is a mistake or an attack; it also keeps sums far inside bigint.
MAX_MINOR = 10**15


class NotMoney(Patterned, ValueError):
    """The text is no amount of money; the message says why."""


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units (cents) of `currency`; 19.99 EUR is Money(1999, "EUR")."""

    minor: int
    currency: str

    def decimal(self) -> Decimal:
        """The amount in major units: Money(1999, "EUR") gives Decimal("19.99")."""
        digits = digits_of(self.currency)
        return Decimal(self.minor).scaleb(-digits)

    def text(self, locale: str) -> str:
        """The amount as people of `locale` (a Babel name: it, en, ro) write it."""
        return format_currency(self.decimal(), self.currency, locale=locale)


def parse_minor(text: str, currency: str) -> int:
    """Minor units of a decimal string: "59.80" in EUR gives 5980.

    More digits than the currency has are rounded half up. Raises NotMoney.
    """
    try:
        value = Decimal(text.replace("_", "?"))  # Python would read 1_0 as ten
    except InvalidOperation:
        raise NotMoney("{text!r} is not a decimal number", text=text) from None
    if not value.is_finite():
        raise NotMoney("{text!r} is not a finite number", text=text)
    if value.adjusted() > 15:  # noqa: PLR2004  (before scaling: 1e400 must cost nothing)
        raise NotMoney("{text!r} is out of range", text=text)
    digits = digits_of(currency)
    minor = int(value.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if abs(minor) > MAX_MINOR:
        raise NotMoney("{text!r} is out of range", text=text)
    return minor
