"""The desk of one hand-over: what is known, and what has been decided so far, message by message."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from ripresa.contracts.channel import Mailbox
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.contacts.places import country_of
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.operations import SenderRow, Verdict
from ripresa.domain.scenarios.legal_basis.own import narrow
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, Refused, decide, is_plain
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.sending.addresses import Destination, destination
from ripresa.domain.scenarios.sending.agent_part import Opening, ended_by_agent
from ripresa.domain.scenarios.sending.due_messages import Person
from ripresa.domain.scenarios.sending.rules import (
    LOOK_AGAIN,
    Decision,
    Send,
    Skip,
    StepFacts,
    Wait,
    decide_step,
)
from ripresa.domain.scenarios.zones import zone_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.receiving.domains import Receivers, domain_of
from ripresa.usecases.sending.extra_facts import ExtraFacts
from ripresa.usecases.sending.turns import Turn

# A notice to an agent is no message to the customer: no law of hers stands in its way.
_NOTICE = Allowed("notice")
# Holds that are looked at again and again until someone lifts them: told once, not at every look.
_POLLED = frozenset(
    {
        Reason.PAUSED.value,
        Reason.STOPPED.value,
        Reason.SWITCHED_OFF.value,
        Reason.AGENT_FIRST.value,
    }
)
# Nobody hears the notice, but there is something to sell: its deal is opened all the same (AGT-2), or who
# has the largest carts would hear nothing, for want of the deal that the next step asks about.
_UNHEARD = frozenset({Reason.NO_EMAIL, Reason.SUPPRESSED, Reason.NO_TRANSLATION, Reason.STALE})


@dataclass(slots=True)
class Ready:
    """A message that goes: where to, by which rule, in which language."""

    turn: Turn
    to: Destination
    rule: str
    language: str


@dataclass(slots=True)
class Desk:
    """One hand-over at work. `waiting`: messages that are due in name only."""

    shop: Shop
    now: datetime
    people: Mapping[UUID, Person]
    senders: Mapping[str, SenderRow]
    extra: ExtraFacts
    waiting: frozenset[UUID]
    is_stopped: bool
    paused_kinds: frozenset[str]  # whose provider account is held
    receivers: Receivers  # of mails: domains that take none, and those that get few
    verdicts: list[Verdict] = field(default_factory=list)
    over: list[UUID] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    passed: set[UUID] = field(default_factory=set)
    openings: list[Opening] = field(default_factory=list)  # deals of notices that nobody hears
    opening: set[UUID] = field(default_factory=set)  # carts for which a deal is being opened
    offering: set[UUID] = field(default_factory=set)  # people who are being given a code
    texts: Texts = field(init=False)

    def __post_init__(self) -> None:
        """What the shop can say is looked up once for all that is due."""
        self.texts = Texts(self.shop.id)

    def take(self, turn: Turn) -> None:
        """Decide one message: what was decided before it is seen."""
        message = turn.message
        person = self.people[message.contact_id]
        notice = self.extra.notice_of(turn) if message.id in self.waiting else None
        is_opening = turn.step.only_if is not None and (
            message.cart_id in self.opening or message.contact_id in self.offering
        )
        if person.is_busy or message.awaits_fold or self._is_leaving(notice) or is_opening:
            # She is being written to, her agent is being told, the fold has not read her order, or
            # what the step asks about is just changing, a deal or a code in her hand: that comes first.
            self.passed.add(message.contact_id)
            return
        to = destination(message, agent=self._hears(turn), shop_country=self.shop.country)
        is_mail_to_her = message.channel == "email"
        if is_mail_to_her and domain_of(message.address) in self.receivers.dead:
            to = Reason.NO_EMAIL
        language = self._language(turn)
        facts = self._facts(turn, person, to, notice, language)
        decision = decide_step(facts, turn.course.limits_in(message.channel), now=self.now)
        if (
            isinstance(decision, Send)
            and is_mail_to_her
            and not self.receivers.take(message.address)
        ):
            decision = Wait(self.receivers.next_hour, Reason.WARM_UP)
        if isinstance(decision, Send) and isinstance(to, Destination):
            self.ready.append(Ready(turn, to, decision.rule, language))
            if turn.step.stage is not None:
                self.opening.add(message.cart_id)
            if turn.step.coupon is not None:
                self.offering.add(message.contact_id)
            if message.channel == AGENT:
                self._note(turn, None)
            else:
                person.note_sent(message, self.now)
        else:
            self._put_aside(turn, decision, to)

    def _put_aside(self, turn: Turn, decision: Decision, to: Destination | Reason) -> None:
        address = to.text if isinstance(to, Destination) else None
        if isinstance(decision, Wait):
            self.verdicts.append(_hold(turn, decision, address))
            if turn.step.is_notice:
                self._note(turn, decision.until)
            return
        self.over.append(turn.message.origin_id)
        if turn.step.is_notice:
            self.extra.notices.pop((turn.message.origin_id, turn.message.step_number), None)
        if isinstance(decision, Skip):
            self.verdicts.append(self.skipped(turn, decision.reason, address))
            self._open_unheard(turn, decision.reason)
        elif not isinstance(decision, Send):
            cancelled = outbox.cancelled(turn.message.id, decision.reason)
            self.verdicts.append(cancelled._replace(facts=turn.told))

    def _open_unheard(self, turn: Turn, reason: Reason) -> None:
        stage = turn.step.stage
        if turn.step.is_notice and stage is not None and reason in _UNHEARD:
            self.openings.append(Opening(turn.message, stage))
            self.opening.add(turn.message.cart_id)

    def skipped(
        self,
        turn: Turn,
        reason: Reason,
        address: str | None,
        told: Mapping[str, Any] | None = None,
    ) -> Verdict:
        """The verdict on a message that will not be sent, with the facts it rests on."""
        facts = _told(self, turn, reason) if told is None else {**told, **turn.told}
        return Verdict(
            turn.message.id, "skipped", reason, Outcome.SKIPPED, None, facts, to_address=address
        )

    def _note(self, turn: Turn, due_at: datetime | None) -> None:
        """What became of a notice: those that count from it come later in the same hand-over."""
        key = (turn.message.origin_id, turn.message.step_number)
        if key in self.extra.notices:
            self.extra.notices[key] = due_at

    def _is_leaving(self, notice: tuple[UUID, int] | None) -> bool:
        return notice is not None and self.extra.notices.get(notice, self.now) is None

    def _hears(self, turn: Turn) -> Mailbox | None:
        """Who hears a notice: the agent, else the shop's owner (SCN-19)."""
        if turn.agent is not None or not self.shop.owner_email:
            return turn.agent
        return Mailbox(self.shop.name, self.shop.owner_email)

    def _language(self, turn: Turn) -> str:
        """The customer's; a notice speaks the shop's, as far as there are words in it."""
        plan, message = turn.course.plan, turn.message
        if message.channel != AGENT:
            several = len(plan.languages) > 1
            return plan.language_for(message.locale) if several else plan.language
        spoken = (self.shop.language, plan.language, "en")
        return next(
            (one for one in spoken if self.texts.speaks(message.template, AGENT, one)), "en"
        )

    def _facts(
        self,
        turn: Turn,
        person: Person,
        to: Destination | Reason,
        notice: tuple[UUID, int] | None,
        language: str,
    ) -> StepFacts:
        message = turn.message
        hold = self.extra.holds.get(message.cart_id) if turn.course.listens else None
        sender = self.senders.get(turn.sending.sender.address) if turn.is_mail else None
        condition = self.extra.only_if.get(message.id)
        return StepFacts(
            planned_for=message.planned_for,
            zone=zone_of(
                timezone=message.timezone,
                country=message.country,
                phone=message.phone,
                shop_zone=self.shop.timezone,
            ),
            ended=message.ended or ended_by_agent(turn.course.plan, hold, message.left_at),
            agent_first_until=None if notice is None else self.extra.notices.get(notice),
            unreachable=None if isinstance(to, Destination) else to,
            basis=self._basis(turn, person),
            is_suppressed=message.is_suppressed,
            left_alone=self.extra.left_alone.get(message.id),
            latest_order_at=message.latest_order_at,
            shop_hours=turn.course.hours_in(message.channel, _country(self, turn)),
            only_if=None if condition is None else condition.refusal,
            has_translation=self.texts.speaks(message.template, message.channel, language),
            overtaken=person.has_overtaken(message, self.waiting),
            is_test=message.is_test,
            is_stopped=self.is_stopped,
            is_switched_off=turn.is_switched_off,
            is_paused=message.scenario_state == "paused"
            or (sender is not None and sender.is_paused)
            or ("email" if turn.is_mail else message.channel) in self.paused_kinds,
            snoozed_until=None if hold is None or turn.step.is_notice else hold.snoozed_until,
            steps_sent=person.others(message),
        )

    def _basis(self, turn: Turn, person: Person) -> Allowed | Refused:
        message = turn.message
        if message.channel == AGENT:
            return _NOTICE
        preset = turn.course.plan.legal_basis
        country = _country(self, turn)
        own = turn.course.own_bases.get((country, message.channel))
        if (
            own is None
            and message.consent == "granted"
            and _is_plain(preset, country, message.channel)
        ):
            # She has said yes: nothing but the place matters for the name of the rule.
            return _with_consent(preset, country, message.channel)
        ordered_at = message.latest_order_at
        case = Case(
            country=country,
            relation="none" if ordered_at is None else "customer",
            channel=message.channel,
            has_offer=turn.step.coupon is not None,
            reminders_sent_before=person.steps_before(message),
            # Only a reminder is prompt: no rule that asks for that allows anything else.
            since_left=self.now - message.left_at if message.is_reminder else timedelta.max,
            consent=message.consent,
            since_order=None if ordered_at is None else self.now - ordered_at,
            texts_sent_before=person.texts_before(message, turn.course.steps),
        )
        return narrow(decide(preset, case), own, case)


def _country(desk: Desk, turn: Turn) -> str:
    message = turn.message
    return country_of(country=message.country, phone=message.phone, shop_country=desk.shop.country)


def _told(desk: Desk, turn: Turn, reason: Reason) -> Mapping[str, Any]:
    message = turn.message
    if reason in {Reason.ONLY_IF, Reason.CURRENCY_MISMATCH}:
        return desk.extra.only_if[message.id].facts
    facts: Mapping[Reason, dict[str, Any]] = {
        Reason.STALE: {"planned_for": message.planned_for.isoformat()},
        Reason.NO_CONSENT: {"consent": message.consent},
        Reason.LEGAL_BASIS: {
            "consent": message.consent,
            "legal_basis": turn.course.plan.legal_basis,
            **_own_basis(desk, turn),
        },
        Reason.RECENT_ORDER: {"ordered_at": str(message.latest_order_at)},
        Reason.NO_EMAIL: desk.receivers.told(message.address),
        Reason.NO_TRANSLATION: {"template": message.template, "locale": message.locale},
    }
    return {**facts.get(reason, {}), **turn.told}


def _own_basis(desk: Desk, turn: Turn) -> Mapping[str, str]:
    key = (_country(desk, turn), turn.message.channel)
    own = turn.course.own_bases.get(key)
    return {} if own is None else {"own_basis": own}


_is_plain = lru_cache(maxsize=1024)(is_plain)


@lru_cache(maxsize=1024)
def _with_consent(preset: str, country: str, channel: str) -> Allowed | Refused:
    case = Case(
        country=country,
        relation="none",
        channel=channel,
        has_offer=False,
        reminders_sent_before=0,
        since_left=timedelta(0),
        consent="granted",
    )
    return decide(preset, case)


def _hold(turn: Turn, decision: Wait, address: str | None) -> Verdict:
    reason = decision.reason
    is_told = reason.value in _POLLED and reason.value == turn.message.held_for
    return Verdict(
        turn.message.id,
        "planned",
        reason,
        None if is_told else Outcome.HELD,
        decision.until,
        {"until": decision.until.isoformat(), **turn.told},
        to_address=address,
    )


def hold(desk: Desk, ready: Ready) -> None:
    """Hold what was ready: its scenario or campaign is about to pause itself."""
    message, until = ready.turn.message, desk.now + LOOK_AGAIN[0]
    is_told = message.held_for == Reason.PAUSED.value
    desk.verdicts.append(
        Verdict(
            message.id,
            "planned",
            Reason.PAUSED,
            None if is_told else Outcome.HELD,
            until,
            {"until": until.isoformat()},
            to_address=ready.to.text,
        )
    )


def forget_caps(desk: Desk, contact_ids: Collection[UUID]) -> None:
    """Take back the holds by a cap that rest on messages to these people which do not go after all."""
    due = {message.id for contact_id in contact_ids for message in desk.people[contact_id].due}
    desk.verdicts = [
        one for one in desk.verdicts if not (one.reason is Reason.CAP and one.message_id in due)
    ]


def senders_of(shop: Shop, turns: Sequence[Turn], now: datetime) -> dict[str, SenderRow]:
    """The stored senders of those of `turns` that are mails."""
    mails = [one.sending for one in turns if one.is_mail]
    names = {
        one.sender.address: (one.sender.name, one.reply_to.address if one.reply_to else "")
        for one in mails
    }
    return outbox.senders_by_email(shop_id=shop.id, names=names, now=now) if names else {}
