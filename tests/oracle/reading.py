"""One chronological loop: deliver, look at the carts, cancel, take up, decide.

`simulate` gives the lines of messages.jsonl and carts.jsonl as contracts/scenario.md says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .cart_reading import Cart, Carts
from .events_reading import Event, Intake, read_lines
from .people_reading import People, Person
from .scenario_reading import BeyondOracle, Scenario
from .sending_reading import Due, Judge, Sending, Verdict

Line = dict[str, Any]


@dataclass
class Pending:
    """A step nobody has decided for good."""

    step: str
    place: int
    planned_at: datetime
    due_at: datetime


@dataclass
class Recovery:
    number: int
    token: str
    generation: int
    left_at: datetime
    taken_up_at: datetime
    pending: list[Pending]
    planned: list[datetime] = field(default_factory=list)  # of all its steps


@dataclass(frozen=True)
class Outcome:
    messages: list[Line]
    carts: list[Line]
    intake: Intake


def simulate(
    lines: Sequence[str],
    scenario: Scenario | None,
    *,
    consent_policy: str = "recorded",
    abandoned_after: timedelta | None = None,
    until: datetime | None = None,
) -> Outcome:
    """Run a file of events through the contract. Nothing after `until` happens."""
    intake = read_lines(lines)
    shop_time = abandoned_after or (scenario.idle if scenario else timedelta(hours=1))
    if scenario and scenario.idle < shop_time:
        raise BeyondOracle("idle can't be shorter than the shop's abandonment time")
    run = Run(scenario, consent_policy == "recorded", shop_time)
    waiting = sorted(intake.events, key=lambda event: event.delivered_at)
    while (now := run.next_instant(waiting)) and (until is None or now <= until):
        arrived = [event for event in waiting if event.delivered_at == now]
        waiting = waiting[len(arrived) :]
        run.live_through(now, arrived)
    if until:
        run.live_through(until, [])
    return Outcome(run.message_lines(), run.cart_lines(), intake)


class Run:
    def __init__(self, scenario: Scenario | None, ask_consent: bool, shop_time: timedelta) -> None:
        self.scenario = scenario
        self.ask_consent = ask_consent and bool(scenario and scenario.legal_basis == "consent")
        self.shop_time = shop_time
        self.idle = scenario.idle if scenario else shop_time
        self.now = datetime.min.replace(tzinfo=UTC)
        self.known: list[Event] = []
        self.recoveries: list[Recovery] = []
        self.sendings: list[Sending] = []
        self.decisions: list[tuple[tuple[Any, ...], Line]] = []
        self._look()

    def next_instant(self, waiting: list[Event]) -> datetime | None:
        instants = [event.delivered_at for event in waiting[:1]]
        instants += [p.due_at for recovery in self.recoveries for p in recovery.pending]
        for cart in self.carts.all:
            instants += [at for at in self.carts.deadlines(cart, self.idle) if at > self.now]
        return min(instants, default=None)

    def live_through(self, now: datetime, arrived: list[Event]) -> None:
        """All that arrives at an instant is known before anything due at it is decided."""
        self.now = now
        self.known += arrived
        self._look()
        self._cancel_where_the_cart_moved_on()
        self._cancel_where_she_refused(arrived)
        self._take_up()
        self._keep_one_recovery_a_person()
        self._decide_what_is_due()

    def _look(self) -> None:
        self.people = People(self.known)
        self.carts = Carts(self.people, abandoned_after=self.shop_time, now=self.now)

    # -- ends of plans ------------------------------------------------------------------------

    def _cancel_where_the_cart_moved_on(self) -> None:
        for recovery in self._under_way():
            cart = self._cart(recovery)
            if cart.ending:
                closed = cart.ending.state == "closed"
                self._cancel(recovery, "closed" if closed else "ordered")
            elif cart.state == "emptied":
                self._cancel(recovery, "emptied")
            elif cart.left_at and cart.left_at > recovery.left_at:
                self._cancel(recovery, "reopened")
            elif cart.state == "expired":
                self._cancel(recovery, "expired")

    def _cancel_where_she_refused(self, arrived: list[Event]) -> None:
        for event in arrived:
            if event.type != "consent.changed" or event.email_consent != "denied":
                continue
            person = self.people.of_event(event)
            if person and self.people.email_consent(person) == "denied":
                for recovery in self._under_way():
                    if self._person(recovery) == person:
                        self._cancel(recovery, "unsubscribed")

    def _keep_one_recovery_a_person(self) -> None:
        """The newest abandonment wins; the older plans are cancelled."""
        if not self.scenario or self.scenario.on_second_cart == "each":
            return

        def newness(recovery: Recovery) -> tuple[datetime, datetime, str]:
            return recovery.taken_up_at, recovery.left_at, recovery.token

        newest: dict[Person | None, Recovery] = {}
        for recovery in sorted(self._under_way(), key=newness, reverse=True):
            kept = newest.setdefault(self._person(recovery), recovery)
            if kept is not recovery:
                self._cancel(recovery, "superseded")

    def _cancel(self, recovery: Recovery, reason: str) -> None:
        for pending in recovery.pending:
            self._write(recovery, pending, Verdict("cancelled", reason), to=None)
        recovery.pending = []

    # -- beginnings ---------------------------------------------------------------------------

    def _take_up(self) -> None:
        if not self.scenario:
            return
        for cart in self.carts.all:
            taken_up_at = self.carts.taken_up_at(cart, self.idle)
            if taken_up_at is None or taken_up_at > self.now or not self._is_wanted(cart):
                continue
            earlier = [r for r in self.recoveries if r.token == cart.token]
            recovery = Recovery(
                number=len(earlier) + 1,
                token=cart.token,
                generation=cart.generation,
                left_at=cart.left_at or cart.begun_at,
                taken_up_at=taken_up_at,
                pending=[],
            )
            self._plan(recovery, self.scenario)
            self.recoveries.append(recovery)

    def _is_wanted(self, cart: Cart) -> bool:
        """The trigger fits, and neither this abandonment nor `ignore` stands in the way."""
        if not self.scenario or self.scenario.trigger not in ("any", cart.kind):
            return False
        earlier = [r for r in self.recoveries if (r.token, r.generation) == cart.key]
        if self.scenario.on_reabandon == "ignore":
            return not earlier
        return all(cart.left_at and recovery.left_at < cart.left_at for recovery in earlier)

    def _plan(self, recovery: Recovery, scenario: Scenario) -> None:
        previous = recovery.taken_up_at
        for place, step in enumerate(scenario.steps):
            counted_from = {
                "left": recovery.left_at,
                "abandoned": recovery.taken_up_at,
                "previous": previous,
            }[step.counts_from]
            previous = max(counted_from + step.after, recovery.taken_up_at)
            recovery.planned.append(previous)
            recovery.pending.append(Pending(step.id, place, previous, previous))

    # -- decisions ----------------------------------------------------------------------------

    def _decide_what_is_due(self) -> None:
        """In the order of promise 4: (due_at, cart, step, channel)."""
        due = [
            (pending.due_at, recovery.token, pending.place, recovery.number, recovery, pending)
            for recovery in self.recoveries
            for pending in recovery.pending
            if pending.due_at <= self.now
        ]
        for *_, recovery, pending in sorted(due, key=lambda entry: entry[:4]):
            self._decide(recovery, pending)

    def _decide(self, recovery: Recovery, pending: Pending) -> None:
        person = self._person(recovery)
        if not self.scenario or person is None:
            raise AssertionError("nobody is behind a cart that was taken up")
        judge = Judge(
            self.scenario, self.ask_consent, self.people, self.carts, self.sendings, self.now
        )
        later = recovery.planned[pending.place + 1 :]
        verdict = judge.decide(Due(self._cart(recovery), person, pending.planned_at, later))
        to = self.people.profile(person).email
        self._write(recovery, pending, verdict, to=to)
        if verdict.again_at:
            pending.due_at = verdict.again_at
            return
        recovery.pending.remove(pending)
        if verdict.outcome == "sent" and to:
            self.sendings.append(Sending(self.now, to))

    # -- what is written ----------------------------------------------------------------------

    def _write(
        self, recovery: Recovery, pending: Pending, verdict: Verdict, *, to: str | None
    ) -> None:
        line = {
            "at": instant(self.now),
            "cart": recovery.token,
            "recovery": recovery.number,
            "contact": self.people.profile(self._person(recovery)).label,
            "scenario": self.scenario.name if self.scenario else None,
            "branch": self.scenario.branch if self.scenario else None,
            "step": pending.step,
            "channel": "email",
            "outcome": verdict.outcome,
            "reason": verdict.reason,
            "to": to,
            "subject": None,
        }
        place = (self.now, recovery.token, pending.step, "email", recovery.number)
        self.decisions.append((place, line))

    def message_lines(self) -> list[Line]:
        return [line for _, line in sorted(self.decisions, key=lambda decision: decision[0])]

    def cart_lines(self) -> list[Line]:
        return [_cart_line(cart, self.carts) for cart in self.carts.all]

    def _under_way(self) -> list[Recovery]:
        return [recovery for recovery in self.recoveries if recovery.pending]

    def _cart(self, recovery: Recovery) -> Cart:
        return self.carts.find(recovery.token, recovery.generation)

    def _person(self, recovery: Recovery) -> Person | None:
        return self.carts.behind(self._cart(recovery))


def _cart_line(cart: Cart, carts: Carts) -> Line:
    order = cart.standing_order
    recovered = cart.state == "recovered" and order
    return {
        "cart": cart.token,
        "generation": cart.generation,
        "contact": carts.people.profile(carts.behind(cart)).label,
        "state": cart.state,
        "abandoned_at": [instant(at) for at in cart.abandoned_at],
        "recovered_at": instant(order.at) if recovered and order else None,
        "order": order.id if order else None,
        "cause": "own" if recovered else None,
    }


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
