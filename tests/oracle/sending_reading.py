"""What becomes of one message that is due: sent, skipped or held, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .cart_reading import Cart
from .conditions_reading import holds
from .hours_reading import country_of, next_opening, zone_of
from .knowledge_reading import Knowledge
from .legal_reading import Relation, allows
from .people_reading import Person
from .recovery_reading import Pending, Recovery
from .scenario_reading import NOTICE, Limits

WINDOW = timedelta(days=30)
OWNER = "owner@shop.test"  # of the shop that `simulate` makes
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
    legal_basis: str
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
        """Where it goes: an e-mail address, a number, or a postal address on one line."""
        profile = self.known.people.profile(person)
        return {
            "email": profile.email,
            "sms": profile.phone,
            "letter": profile.address,
            NOTICE: profile.agent or OWNER,
        }[channel]

    def _why_not(self, due: Due) -> Iterator[str]:
        """Every reason there is, in the order of the closed list."""
        known, channel = self.known, due.pending.channel
        if not self.address(due.person, channel):
            yield UNREACHABLE[channel]
        if unlawful := self._why_not_lawful(due):
            yield unlawful
        if self._ordered_recently(due.person):
            yield "recent_order"
        if due.pending.step.only_if is not None:
            answer = holds(due.pending.step.only_if, known.facts(due.cart, due.person))
            if not answer:
                yield "currency_mismatch" if answer is None else "only_if"
        if self._is_late(due) or self._is_overtaken(due):
            yield "stale"
        if due.cart.has_test_order:
            yield "test_order"

    def _is_late(self, due: Due) -> bool:
        return self.known.now - due.pending.planned_at > self.known.scenario.stale_after

    def _is_overtaken(self, due: Due) -> bool:
        """A later step has gone out, or fell due after this one."""
        place, recovery = due.pending.place, due.recovery.key
        gone = any(s.step[:2] == recovery and s.step[2] > place for s in self.sendings)
        return gone or due.recovery.is_overtaken(due.pending, self.known.now)

    def _why_not_lawful(self, due: Due) -> str | None:
        """A refusal stops, a consent allows; else the preset says."""
        known, channel = self.known, due.pending.channel
        consent = known.people.consent(due.person, channel)
        if consent == "granted" or channel == NOTICE:
            return None
        relation = Relation(
            country=country_of(known.people.profile(due.person)),
            has_bought="new" not in known.customer_classes(due.person, known.now),
            other_steps_sent=any(self._is_other_step(due, s) for s in self.sendings),
            since_left=known.now - due.recovery.left_at,
            with_coupon=due.pending.step.coupon is not None,
        )
        if consent != "denied" and allows(self.legal_basis, channel, relation):
            return None
        refused = consent == "denied" or self.legal_basis in ("consent", "any")
        return "no_consent" if refused else "legal_basis"

    def _is_other_step(self, due: Due, sending: Sending) -> bool:
        return sending.step[:2] == due.recovery.key and sending.step != due.step

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
