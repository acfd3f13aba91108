"""What becomes of one message that is due: sent, skipped or held, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .cart_reading import Cart, Carts
from .people_reading import People, Person, Profile
from .scenario_reading import Limits, QuietHours, Scenario

SHOP_ZONE = "Europe/Rome"
WINDOW = timedelta(days=30)
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
class Sending:
    """A message that has gone: when, and to which address."""

    at: datetime
    to: str


@dataclass(frozen=True)
class Verdict:
    outcome: str
    reason: str
    again_at: datetime | None = None  # when a held message is looked at again


@dataclass(frozen=True)
class Due:
    """One message at the moment somebody asks whether it may go."""

    cart: Cart
    person: Person
    planned_at: datetime
    later_planned_at: Sequence[datetime]  # of the steps after it in the same recovery


@dataclass(frozen=True)
class Judge:
    scenario: Scenario
    ask_consent: bool
    people: People
    carts: Carts
    sendings: Sequence[Sending]
    now: datetime

    def decide(self, due: Due) -> Verdict:
        """What may never go is skipped before anything is held; reasons in the list's order."""
        reason = self._why_not(due)
        if reason:
            return Verdict("skipped", reason)
        profile = self.people.profile(due.person)
        if self.scenario.quiet_hours:
            opens_at = next_opening(self.scenario.quiet_hours, zone_of(profile), self.now)
            if opens_at > self.now:
                return Verdict("held", "quiet_hours", opens_at)
        free_at = free_of_caps(self.scenario.limits, self._sent_to(due.person), self.now)
        if free_at > self.now:
            return Verdict("held", "cap", free_at)
        return Verdict("sent", "due")

    def _why_not(self, due: Due) -> str | None:
        consent = self.people.email_consent(due.person)
        if not self.people.profile(due.person).email:
            return "no_email"
        if consent == "denied" or (self.ask_consent and consent != "granted"):
            return "no_consent"
        if self._ordered_recently(due.person):
            return "recent_order"
        if self.now - due.planned_at > self.scenario.stale_after:
            return "stale"
        if any(due.planned_at < planned <= self.now for planned in due.later_planned_at):
            return "stale"  # overtaken by a later step
        return "test_order" if due.cart.has_test_order else None

    def _ordered_recently(self, person: Person) -> bool:
        pause = self.scenario.limits.not_after_order
        phones = self.people.phones(person)
        return any(
            order.counts
            and (person in order.buyers or phones & order.phones)
            and order.at <= self.now < order.at + pause
            for order in self.carts.orders
        )

    def _sent_to(self, person: Person) -> list[datetime]:
        return sorted(s.at for s in self.sendings if self.people.of_email(s.to) == person)


def free_of_caps(limits: Limits, sent: list[datetime], now: datetime) -> datetime:
    """The instant from which neither limit stands in the way; `now` or earlier: none does."""
    free_at = now
    if sent:
        free_at = max(free_at, sent[-1] + limits.not_more_often_than)
    in_window = [at for at in sent if at + WINDOW > now]
    most = limits.max_messages_per_30d
    if most is not None and len(in_window) >= most:
        free_at = max(free_at, in_window[len(in_window) - most] + WINDOW)
    return free_at


def zone_of(profile: Profile) -> str:
    """SCN-9: profile, then address, then the phone's region, then the shop."""
    if profile.timezone and _exists(profile.timezone):
        return profile.timezone
    if profile.country in ZONE_OF_COUNTRY:
        return ZONE_OF_COUNTRY[profile.country]
    country = COUNTRY_OF_PREFIX.get((profile.phone or "")[:3])
    return ZONE_OF_COUNTRY[country] if country else SHOP_ZONE


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


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True
