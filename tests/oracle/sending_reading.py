"""What becomes of one message that is due: sent, skipped or held, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .cart_reading import Cart
from .conditions_reading import holds
from .hours_reading import next_opening, zone_of
from .knowledge_reading import Knowledge
from .people_reading import Person
from .recovery_reading import Pending, Recovery
from .scenario_reading import NOTICE, Limits

WINDOW = timedelta(days=30)
UNREACHABLE = {"email": "no_email", "sms": "no_phone", "letter": "no_address"}


@dataclass(frozen=True)
class Sending:
    """A message that has gone: when, to whom, and of which step."""

    at: datetime
    to: Person
    step: tuple[str, int, int]  # token, number of the recovery, place


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
    recovery: Recovery
    pending: Pending

    @property
    def step(self) -> tuple[str, int, int]:
        return (*self.recovery.key, self.pending.place)


@dataclass(frozen=True)
class Judge:
    known: Knowledge
    ask_consent: bool
    sendings: Sequence[Sending]  # to customers: notices are none

    def decide(self, due: Due) -> Verdict:
        """What may never go is skipped before anything is held; reasons in the list's order."""
        now, channel = self.known.now, due.pending.channel
        if notice := due.recovery.notice_before(due.pending.place):
            return Verdict("held", "agent_first", notice.due_at)
        if reason := next(self._why_not(due), None):
            return Verdict("skipped", reason)
        if hours := self.known.scenario.quiet_hours.get(channel):
            profile = self.known.people.profile(due.person)
            opens_at = next_opening(hours, zone_of(profile), now)
            if opens_at > now:
                return Verdict("held", "quiet_hours", opens_at)
        if channel != NOTICE:
            free_at = free_of_caps(self.known.scenario.limits, self._steps_sent(due), now)
            if free_at > now:
                return Verdict("held", "cap", free_at)
        return Verdict("sent", "due")

    def address(self, person: Person, channel: str) -> str | None:
        """Where it goes; for a letter only whether it can."""
        profile = self.known.people.profile(person)
        return {
            "email": profile.email,
            "sms": profile.phone,
            "letter": "a postal address" if profile.has_address else None,
            NOTICE: profile.agent or "the shop's owner",
        }[channel]

    def _why_not(self, due: Due) -> Iterator[str]:
        """Every reason there is, in the order of the closed list."""
        known, channel = self.known, due.pending.channel
        if not self.address(due.person, channel):
            yield UNREACHABLE[channel]
        if channel != NOTICE and not self._may_write(due.person, channel):
            yield "no_consent"
        if self._ordered_recently(due.person):
            yield "recent_order"
        if due.pending.step.only_if is not None:
            answer = holds(due.pending.step.only_if, known.facts(due.cart, due.person))
            if not answer:
                yield "currency_mismatch" if answer is None else "only_if"
        if self._is_late(due) or due.recovery.is_overtaken(due.pending, known.now):
            yield "stale"
        if due.cart.has_test_order:
            yield "test_order"

    def _is_late(self, due: Due) -> bool:
        return self.known.now - due.pending.planned_at > self.known.scenario.stale_after

    def _may_write(self, person: Person, channel: str) -> bool:
        consent = self.known.people.consent(person, channel)
        return consent == "granted" or (consent != "denied" and not self.ask_consent)

    def _ordered_recently(self, person: Person) -> bool:
        pause, now = self.known.scenario.limits.not_after_order, self.known.now
        return any(order.at <= now < order.at + pause for order in self.known.orders_of(person))

    def _steps_sent(self, due: Due) -> list[datetime]:
        """When each step to her began; nothing, if this step has begun and was counted then."""
        began: dict[tuple[str, int, int], datetime] = {}
        for sending in self.sendings:
            if self.known.people.now_called(sending.to) == due.person:
                began.setdefault(sending.step, sending.at)
        return [] if due.step in began else sorted(began.values())


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
