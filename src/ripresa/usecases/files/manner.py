"""How a file is to be read: what the user or a mapping says of it. What is empty is found out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.plain_values import is_currency, is_id, is_timezone, normalise_country
from ripresa.core.delimited.amounts import MARKS
from ripresa.core.delimited.instants import ORDERS

if TYPE_CHECKING:
    from ripresa.domain.shops.models import Shop


class NotAManner(ValueError):
    """A word about the file makes no sense; the message names it and says what would."""


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`columns`: heading or number by field. `source`: the connection whose carts and orders these are.

    `decimal`: what parts decimals. `dates`: dmy or mdy. `zone`: of instants without one. `country`: of
    phone numbers without one. `is_named`: `columns` come from a mapping, where a file may lack some.
    `is_complete`: these columns and no others. `agreed`: channels to which all in the file agreed, which
    needs `agreed_at` (an instant with its zone), and `consent_source` or `agreed_text`, the words of it.
    """

    columns: Mapping[str, str] = {}
    encoding: str = ""
    delimiter: str = ""
    header: bool | None = None
    decimal: str = ""
    dates: str = ""
    zone: str = ""
    country: str = ""
    currency: str = ""
    source: str = "shop"
    consent_source: str = ""
    states: Mapping[str, str] = {}
    is_named: bool = False
    is_complete: bool = False
    agreed: Sequence[str] = ()
    agreed_at: str = ""
    agreed_text: str = ""

    def check(self) -> None:
        """Raises NotAManner."""
        wrong = {
            "decimal": self.decimal and self.decimal not in MARKS and "is . or ,",
            "dates": self.dates and self.dates not in ORDERS and "is dmy or mdy",
            "zone": self.zone and not is_timezone(self.zone) and "is a zone like Europe/Rome",
            "country": self.country and normalise_country(self.country) is None and "is like IT",
            "currency": self.currency and not is_currency(self.currency) and "is like EUR",
            "source": not is_id(self.source) and "is the name of a connection, or shop",
            "delimiter": (len(self.delimiter) > 1 or self.delimiter in {'"', "\r", "\n"})
            and "is one character",
        }
        for name, advice in wrong.items():
            if advice:
                raise NotAManner(f"{name} {advice}, not {getattr(self, name)[:40]!r}")
        if self.agreed and not (self.agreed_at and (self.consent_source or self.agreed_text)):
            raise NotAManner(say("a consent needs its proof: when, and where or in which words"))

    def for_shop(self, shop: "Shop") -> "Manner":
        """The same, with what holds in this shop where nothing is said."""
        return msgspec.structs.replace(
            self,
            zone=self.zone or shop.timezone,
            country=(self.country or shop.country).upper(),
            currency=self.currency or shop.currency,
        )

    @property
    def all_agreed_at(self) -> datetime | None:
        """When all in the file agreed, where that is said."""
        return datetime.fromisoformat(self.agreed_at) if self.agreed_at else None

    @property
    def tz(self) -> ZoneInfo:
        """The zone of instants without one."""
        return ZoneInfo(self.zone or "UTC")
