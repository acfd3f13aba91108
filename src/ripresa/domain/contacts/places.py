"""Which country a person is in, and which zones her number may be of."""

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone


def country_of(*, country: str | None, phone: str | None, shop_country: str) -> str:
    """The ISO 3166 country of a person: that of her address, else of her phone number, else the shop's."""
    return (country or "").upper() or region_of(phone) or shop_country


@lru_cache(maxsize=4096)
def region_of(phone: str | None) -> str | None:
    """The country of a number in E.164; None for numbers of no country, such as +800."""
    if not phone:
        return None
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
    return None if region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY else region


@lru_cache(maxsize=4096)
def zones_of_number(phone: str | None) -> tuple[str, ...]:
    """The IANA zones in which a number in E.164 may be, by its area code; none if nobody knows."""
    if not phone:
        return ()
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(name for name in found if name != timezone.UNKNOWN_TIMEZONE)
