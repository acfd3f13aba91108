"""Where a person is, and where her clock stands: profile, then address, then phone, then the shop (SCN-9)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from ripresa.domain.contacts.places import region_of, zones_of_number

# Zones of a country count as one when they agreed twice a month through these years.
_PROBES = tuple(datetime(2022, 1, 1, tzinfo=UTC) + timedelta(days=15 * step) for step in range(100))


def zone_of(
    *, timezone: str | None, country: str | None, phone: str | None, shop_zone: str
) -> ZoneInfo:
    """The zone of a person; a country with several clocks says nothing about hers."""
    return (
        _zone_named(timezone)
        or _zone_of_country(country)
        or _zone_of_phone(phone)
        or _zone_named(shop_zone)
        or ZoneInfo("UTC")
    )


@lru_cache(maxsize=1024)
def _zone_named(name: str | None) -> ZoneInfo | None:
    """None for what browsers and shops send that is no zone."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


@lru_cache(maxsize=512)
def _zone_of_country(country: str | None) -> ZoneInfo | None:
    """The one zone of an ISO 3166 country, by CLDR; None if its clocks differ."""
    return _one_clock(get_global("territory_zones").get((country or "").upper(), []))


def _zone_of_phone(phone: str | None) -> ZoneInfo | None:
    """Her country's one zone, or where that has several, the one of her area code."""
    return _zone_of_country(region_of(phone)) or _one_clock(zones_of_number(phone))


def _one_clock(names: Sequence[str]) -> ZoneInfo | None:
    """The zone of these names, if they are all known and show the same time."""
    zones = [zone for name in names if (zone := _zone_named(name)) is not None]
    if not zones or len(zones) < len(names):
        return None
    first, *others = zones
    agree = all(
        probe.astimezone(zone).utcoffset() == probe.astimezone(first).utcoffset()
        for zone in others
        for probe in _PROBES
    )
    return first if agree else None
