"""One chronological loop: deliver, look at the carts, cancel, take up, decide.

`simulate` gives the lines of messages.jsonl and carts.jsonl as contracts/scenario.md says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .cart_reading import Cart, Carts
from .coupons_reading import Coupons, Given, Pool, Step
from .events_reading import Event, Intake, read_lines
from .knowledge_reading import Knowledge, is_drawn
from .people_reading import People, Person
from .recovery_reading import Pending, Recovery
from .scenario_reading import NOTICE, BeyondOracle, Scenario
from .sending_reading import Due, Judge, Sending, Verdict

Line = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    messages: list[Line]
    carts: list[Line]
    intake: Intake
    coupons: list[Line]


def simulate(
    lines: Sequence[str],
    scenario: Scenario | None,
    *,
    consent_policy: str = "recorded",
    abandoned_after: timedelta | None = None,
    until: datetime | None = None,
    pools: dict[str, Pool] | None = None,
) -> Outcome:
    """Run a file of events through the contract. Nothing after `until` happens."""
    intake = read_lines(lines)
    shop_time = abandoned_after or (scenario.idle if scenario else timedelta(hours=1))
    if scenario and scenario.idle < shop_time:
        raise BeyondOracle("idle can't be shorter than the shop's abandonment time")
    run = Run(scenario, shop_time, any_consent=consent_policy == "any", pools=pools or {})
    waiting = sorted(intake.events, key=lambda event: event.delivered_at)
    while (now := run.next_instant(waiting)) and (until is None or now <= until):
        arrived = [event for event in waiting if event.delivered_at == now]
        waiting = waiting[len(arrived) :]
        run.live_through(now, arrived)
    if until:
        run.live_through(until, [])
    return Outcome(run.message_lines(), run.cart_lines(), intake, run.coupon_lines())


class Run:
    def __init__(
        self,
        scenario: Scenario | None,
        shop_time: timedelta,
        *,
        any_consent: bool,
        pools: dict[str, Pool],
    ) -> None:
        self.scenario = scenario
        self.legal_basis = scenario.legal_basis if scenario and not any_consent else "any"
        self.shop_time = shop_time
        self.idle = scenario.idle if scenario else shop_time
        self.now = datetime.min.replace(tzinfo=UTC)
        self.known: list[Event] = []
        self.recoveries: list[Recovery] = []
        self.sendings: list[Sending] = []
        self.deals: dict[tuple[str, int], str] = {}
        self.coupons = Coupons(pools)
        self.lots: list[tuple[Person, bool]] = []  # who was drawn for the hold-out, and who not
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
        self._turn_away_who_is_not_meant()
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
            person = self.people.of_event(event)
            if event.type != "consent.changed" or person is None:
                continue
            for channel, said in event.consent.items():
                if said == "denied" == self.people.consent(person, channel):
                    for recovery in self._under_way():
                        if self._person(recovery) == person:
                            self._cancel(recovery, "unsubscribed", channel)

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

    def _cancel(self, recovery: Recovery, reason: str, channel: str | None = None) -> None:
        """All that is left of it, or all that is left in one channel."""
        for pending in list(recovery.pending):
            if channel in (None, pending.channel):
                self._write(recovery, pending, Verdict("cancelled", reason), to=None)
                recovery.pending.remove(pending)

    # -- beginnings ---------------------------------------------------------------------------

    def _turn_away_who_is_not_meant(self) -> None:
        """The audience is looked at when a cart is abandoned, before its idle time is over."""
        if not self.scenario:
            return
        known = self._knowledge(self.scenario)
        for cart in self.carts.all:
            abandoned = cart.state == "abandoned" and not cart.ending
            if not abandoned or not self._is_wanted(cart):
                continue
            if not known.fits_audience(cart, self._known_person(cart)):
                self._skip(self._begin(cart, self.now), "audience")

    def _take_up(self) -> None:
        if not self.scenario:
            return
        known = self._knowledge(self.scenario)
        for cart in self.carts.all:
            taken_up_at = self.carts.taken_up_at(cart, self.idle)
            if taken_up_at is None or taken_up_at > self.now or not self._is_wanted(cart):
                continue
            person = self._known_person(cart)
            recovery = self._begin(cart, taken_up_at)
            if self._is_held_out(person, self.scenario):
                self._skip(recovery, "holdout")
                continue
            branch = known.choose_branch(cart, person)
            if isinstance(branch, str):
                self._skip(recovery, branch)
            else:
                recovery.plan(branch)

    def _begin(self, cart: Cart, taken_up_at: datetime) -> Recovery:
        earlier = [recovery for recovery in self.recoveries if recovery.token == cart.token]
        recovery = Recovery(
            number=len(earlier) + 1,
            token=cart.token,
            generation=cart.generation,
            left_at=cart.left_at or cart.begun_at,
            taken_up_at=taken_up_at,
        )
        self.recoveries.append(recovery)
        return recovery

    def _is_wanted(self, cart: Cart) -> bool:
        """The trigger fits, and neither this abandonment nor `ignore` stands in the way."""
        if not self.scenario or self.scenario.trigger not in ("any", cart.kind):
            return False
        earlier = [r for r in self.recoveries if (r.token, r.generation) == cart.key]
        if self.scenario.on_reabandon == "ignore" and any(r.branch for r in earlier):
            return False
        if self._was_reminded_of(cart):
            return False
        return all(cart.left_at and recovery.left_at < cart.left_at for recovery in earlier)

    def _was_reminded_of(self, cart: Cart) -> bool:
        """Of this very activity, while it stood in a generation that a late order has split since."""
        return any(
            recovery.token == cart.token
            and recovery.generation < cart.generation
            and recovery.left_at == cart.left_at
            and any(sending.step[:2] == recovery.key for sending in self.sendings)
            for recovery in self.recoveries
        )

    def _is_held_out(self, person: Person, scenario: Scenario) -> bool:
        """Drawn once for each person (SCN-17); of two who turn out to be one, the first lot."""
        for key, is_held_out in self.lots:
            if self.people.now_called(key) == person:
                return is_held_out
        label = self.people.profile(person).label or ""
        self.lots.append((person, is_drawn(scenario.name, label, scenario.holdout)))
        return self.lots[-1][1]

    def _skip(self, recovery: Recovery, reason: str) -> None:
        """A recovery that comes to nothing as a whole has one line, without branch and step."""
        self._write(recovery, None, Verdict("skipped", reason), to=None)

    # -- decisions ----------------------------------------------------------------------------

    def _decide_what_is_due(self) -> None:
        """In the order of promise 4: (due_at, cart, step, channel); a decision may move others."""

        def turn(entry: tuple[Recovery, Pending]) -> tuple[Any, ...]:
            recovery, pending = entry
            place = (recovery.token, pending.place, pending.channel, recovery.number)
            return pending.due_at, *place

        while due := [
            (recovery, pending)
            for recovery in self.recoveries
            for pending in recovery.pending
            if pending.due_at <= self.now
        ]:
            self._decide(*min(due, key=turn))

    def _decide(self, recovery: Recovery, pending: Pending) -> None:
        if not self.scenario:
            raise AssertionError("something is due without a scenario")
        cart = self._cart(recovery)
        person = self._known_person(cart)
        judge = Judge(self._knowledge(self.scenario), self.legal_basis, self.sendings)
        verdict = judge.decide(Due(cart, person, recovery, pending))
        self._write(recovery, pending, verdict, to=judge.address(person, pending.channel))
        if verdict.again_at:
            pending.due_at = verdict.again_at
            return
        recovery.pending.remove(pending)
        if pending.step.stage and (verdict.outcome == "sent" or is_unheard(pending, verdict)):
            self.deals[cart.key] = pending.step.stage
        if verdict.outcome == "sent" and pending.channel == NOTICE:
            recovery.count_on_from_notice(pending.place, self.now)
        elif verdict.outcome == "sent":
            step = (*recovery.key, pending.place)
            self.sendings.append(Sending(self.now, self.people.strongest_key(person), step))
            self._give_a_code(pending, step, cart, person)

    def _give_a_code(self, pending: Pending, step: Step, cart: Cart, person: Person) -> None:
        """With the first message of a step; the others of it share the code."""
        offer, given = pending.step.coupon, self.coupons.of_step(step)
        if offer is None:
            return
        if given is None:
            if (taken := self.coupons.take(offer, self.now)) is None:
                return
            to, (code, ends_at) = self.people.strongest_key(person), taken
            id_, pool = pending.step.id, offer.pool
            given = Given(self.now, to, step, id_, cart.key, pool, code.text, ends_at)
            self.coupons.given.append(given)
        given.sent_at.append(self.now)

    # -- what is written ----------------------------------------------------------------------

    def _write(
        self, recovery: Recovery, pending: Pending | None, verdict: Verdict, *, to: str | None
    ) -> None:
        step = pending.step.id if pending else None
        channel = pending.channel if pending else None
        line = {
            "at": instant(self.now),
            "cart": recovery.token,
            "recovery": recovery.number,
            "contact": self.people.profile(self._person(recovery)).label,
            "scenario": self.scenario.name if self.scenario else None,
            "branch": recovery.branch.name if recovery.branch else None,
            "step": step,
            "channel": channel,
            "outcome": verdict.outcome,
            "reason": verdict.reason,
            "to": to,
            "subject": None,
        }
        place = (self.now, recovery.token, step or "", channel or "", recovery.number)
        self.decisions.append((place, line))

    def message_lines(self) -> list[Line]:
        return [line for _, line in sorted(self.decisions, key=lambda decision: decision[0])]

    def cart_lines(self) -> list[Line]:
        return [_cart_line(cart, self.carts, self.coupons) for cart in self.carts.all]

    def coupon_lines(self) -> list[Line]:
        lines = [
            {
                "at": instant(one.at),
                "cart": one.step[0],
                "recovery": one.step[1],
                "step": one.step_id,
                "pool": one.pool,
                "code": one.code,
                "expires_at": instant(one.ends_at) if one.ends_at else None,
            }
            for one in self.coupons.given
        ]
        return sorted(lines, key=lambda line: [line[k] for k in ("at", "cart", "step", "recovery")])

    def _under_way(self) -> list[Recovery]:
        return [recovery for recovery in self.recoveries if recovery.pending]

    def _cart(self, recovery: Recovery) -> Cart:
        return self.carts.find(recovery.token, recovery.generation)

    def _person(self, recovery: Recovery) -> Person | None:
        return self.carts.behind(self._cart(recovery))

    def _known_person(self, cart: Cart) -> Person:
        person = self.carts.behind(cart)
        if person is None:
            raise AssertionError("nobody is behind a cart that was taken up")
        return person

    def _knowledge(self, scenario: Scenario) -> Knowledge:
        return Knowledge(scenario, self.people, self.carts, self.deals, self.coupons, self.now)


def _cart_line(cart: Cart, carts: Carts, coupons: Coupons) -> Line:
    order = cart.standing_order
    by_coupon = order and coupons.brought_back(cart.key, order)
    recovered = cart.state == "recovered" and order
    return {
        "cart": cart.token,
        "generation": cart.generation,
        "contact": carts.people.profile(carts.behind(cart)).label,
        "state": cart.state,
        "abandoned_at": [instant(at) for at in cart.abandoned_at],
        "recovered_at": instant(order.at) if recovered and order else None,
        "order": order.id if order else None,
        "cause": ("coupon" if by_coupon else "own") if recovered else None,
    }


def is_unheard(pending: Pending, verdict: Verdict) -> bool:
    """A notice that came to nobody's ears, while there is something to sell."""
    return pending.channel == NOTICE and verdict.reason in ("no_email", "stale")


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
