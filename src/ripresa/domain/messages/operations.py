"""Move messages from state to state: each by compare-and-set, each decision with its reason.

Whoever changes a planned message holds the lock of its contact; whoever changes one that is being
sent holds its lease. Several messages of one call are changed by one statement.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.contracts.reasons import Outcome, Reason
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.messages.models import MergeSource, Sender
from ripresa.domain.messages.wording import Source
from ripresa.domain.webhooks.tellers.messages import tell_decisions

run = partial(query.run, "ripresa.domain.messages")

# Over, and nobody has got it: a refusal is clean, whatever may have left is unknown.
_NEVER_LEFT = frozenset({"skipped", "cancelled", "failed"})


class Verdict(NamedTuple):
    """What becomes of one message. `outcome` None: nothing is told, the hold stays the same.

    `to_address`: whom it would have reached; None: her address in its channel as the contact has it.
    """

    message_id: UUID
    state: str
    reason: Reason | None
    outcome: Outcome | None
    due_at: datetime | None = None
    facts: Mapping[str, Any] = {}
    to_address: str | None = None


class SendingVerdict(NamedTuple):
    """What became of a message that this worker holds; `attempts` proves that it still does."""

    attempts: int
    verdict: Verdict
    receipt: str | None = None


class Claim(NamedTuple):
    """A message to hand over now; no sender where its channel's account has its own.

    `version_id` and `branch`: of the scenario it is a step of.
    """

    message_id: UUID
    rule: str
    sender_id: UUID | None
    to_address: str
    language: str
    coupon_code: str | None = None
    coupon_expires_at: datetime | None = None
    version_id: UUID | None = None
    branch: str | None = None


class Taken(NamedTuple):
    """A message taken for sending: the fencing number, and the language in which it speaks."""

    attempts: int
    language: str


class Expired(NamedTuple):
    """A message whose worker went silent."""

    message_id: UUID
    attempts: int
    has_departed: bool
    origin_kind: str
    origin_id: UUID
    step: str
    step_number: int
    channel: str
    handed_over_at: datetime


class SenderRow(NamedTuple):
    """A sender that messages refer to."""

    id: UUID
    is_paused: bool


def cancelled(message_id: UUID, reason: Reason) -> Verdict:
    """The verdict on a planned message whose purpose is over."""
    return Verdict(message_id, "cancelled", reason, Outcome.CANCELLED)


def settle_planned(*, shop_id: int, verdicts: Sequence[Verdict], now: datetime) -> None:
    """Hold, skip or cancel planned messages; those in another state by now are left alone."""
    if verdicts:
        to_addresses = [one.to_address for one in verdicts]
        columns = _columns(verdicts, now)
        run("settle_planned", shop_id=shop_id, now=now, to_addresses=to_addresses, **columns)
        _free_codes(shop_id, verdicts)
        tell_decisions(shop_id=shop_id, ids=columns["decision_ids"], now=now)


def settle_sending(
    *, shop_id: int, verdicts: Sequence[SendingVerdict], now: datetime
) -> frozenset[UUID]:
    """Take outcomes down; returns the messages that were still this worker's to settle."""
    if not verdicts:
        return frozenset()
    columns = _columns([one.verdict for one in verdicts], now)
    rows = run(
        "settle_sending",
        shop_id=shop_id,
        now=now,
        attempts=[one.attempts for one in verdicts],
        receipts=[one.receipt for one in verdicts],
        **columns,
    )
    _free_codes(shop_id, [one.verdict for one in verdicts])
    tell_decisions(shop_id=shop_id, ids=columns["decision_ids"], now=now)
    return frozenset(message_id for (message_id,) in rows)


def claim(
    *, shop_id: int, claims: Sequence[Claim], now: datetime, lease_until: datetime
) -> dict[UUID, Taken]:
    """Take messages for sending; returns those that were there to be taken."""
    if not claims:
        return {}
    ids, rules, sender_ids, to_addresses, languages, codes, ends, versions, branches = zip(
        *claims, strict=True
    )
    rows = run(
        "claim",
        shop_id=shop_id,
        now=now,
        lease_until=lease_until,
        ids=list(ids),
        rules=list(rules),
        sender_ids=list(sender_ids),
        to_addresses=list(to_addresses),
        languages=list(languages),
        coupon_codes=list(codes),
        coupon_ends=list(ends),
        version_ids=list(versions),
        branches=list(branches),
    )
    return {message_id: Taken(*taken) for message_id, *taken in rows}


def people_of_silent_notices(*, shop_id: int, now: datetime) -> list[UUID]:
    """The people about whom an agent was being told when the worker went silent."""
    return [who for (who,) in run("people_of_silent_notices", shop_id=shop_id, now=now)]


def expire_leases(*, shop_id: int, now: datetime, limit: int) -> list[Expired]:
    """Settle what silent workers left behind; returns the messages concerned (promise 2).

    On the wire, perhaps: unknown, and never sent again. Not departed: planned again.
    """
    rows = run("leases_that_ran_out", shop_id=shop_id, now=now, limit=limit)
    expired = [Expired._make(row) for row in rows]
    verdicts = [
        SendingVerdict(
            one.attempts,
            Verdict(one.message_id, "unknown", Reason.UNKNOWN, Outcome.UNKNOWN)
            if one.has_departed
            else Verdict(one.message_id, "planned", None, None, now),
        )
        for one in expired
    ]
    settle_sending(shop_id=shop_id, verdicts=verdicts, now=now)
    return expired


def senders_by_email(
    *, shop_id: int, names: Mapping[str, tuple[str, str]], now: datetime
) -> dict[str, SenderRow]:
    """The sender row of each address; `names` maps an address to (name, reply-to) for new ones."""
    found = _find_senders(shop_id, list(names))
    missing = [email for email in names if email not in found]
    if missing:
        run(
            "add_senders",
            shop_id=shop_id,
            ids=[new_id(now) for _ in missing],
            emails=missing,
            names=[names[email][0] for email in missing],
            reply_tos=[names[email][1] for email in missing],
        )
        found |= _find_senders(shop_id, missing)
    return found


def pause_senders(
    *, shop_id: int, reasons: Mapping[UUID, str], now: datetime
) -> list[tuple[str, str]]:
    """Hold senders after a refusal for policy; returns (address, reason) of those newly held."""
    rows = run(
        "pause_senders",
        shop_id=shop_id,
        ids=list(reasons),
        reasons=list(reasons.values()),
        now=now,
    )
    return [(email, reason) for email, reason in rows]


def resume_sender(*, shop_id: int, sender_id: UUID, now: datetime) -> None:
    """Let a sender send again; what its pause held is due at once."""
    Sender.objects.filter(shop_id=shop_id, id=sender_id).update(paused_at=None, paused_reason="")
    release_held(shop_id=shop_id, now=now)


def release_held(*, shop_id: int, now: datetime) -> None:
    """Look again at once at what a pause or a stop holds: call it when one was lifted."""
    look_again(shop_id=shop_id, reasons=[Reason.PAUSED, Reason.STOPPED], now=now)


def look_again(*, shop_id: int, reasons: Sequence[Reason], now: datetime) -> None:
    """Make due at once what is held for one of `reasons`: what they rest on has changed."""
    run("release_held", shop_id=shop_id, reasons=[each.value for each in reasons], now=now)


def _find_senders(shop_id: int, emails: list[str]) -> dict[str, SenderRow]:
    rows = run("find_senders", shop_id=shop_id, emails=emails)
    return {email: SenderRow(sender_id, is_paused) for email, sender_id, is_paused in rows}


def _columns(verdicts: Sequence[Verdict], now: datetime) -> dict[str, list[Any]]:
    return {
        "ids": [one.message_id for one in verdicts],
        "states": [one.state for one in verdicts],
        "reasons": [one.reason and one.reason.value for one in verdicts],
        "due_ats": [one.due_at for one in verdicts],
        "outcomes": [one.outcome and one.outcome.value for one in verdicts],
        "facts": [json.dumps(one.facts, default=str) for one in verdicts],
        "decision_ids": [None if one.outcome is None else new_id(now) for one in verdicts],
    }


def _free_codes(shop_id: int, verdicts: Sequence[Verdict]) -> None:
    """Give back the codes of steps that are over and of which surely no message left (CPN-3)."""
    over = [one.message_id for one in verdicts if one.state in _NEVER_LEFT]
    at = {"shop_id": shop_id, "ids": over}
    if over and query.run_often("ripresa.domain.messages", "lock_codes_of_steps", **at):
        places = query.run_often("ripresa.domain.messages", "steps_that_never_left", **at)
        coupons.give_back(shop_id=shop_id, origins=places)


def set_costs(*, shop_id: int, costs: Mapping[UUID, Money]) -> None:
    """Write down what messages that are being sent will cost."""
    if costs:
        run(
            "set_costs",
            shop_id=shop_id,
            ids=list(costs),
            minors=[price.minor for price in costs.values()],
            currencies=[price.currency for price in costs.values()],
        )


def keep_sources(*, shop_id: int, sources: Collection[Source]) -> None:
    """Keep merge sources that are not kept yet, before messages that were filled from them depart."""
    kept = MergeSource.objects.filter(shop_id=shop_id, id__in=[one.id for one in sources])
    known = set(kept.values_list("id", flat=True)) if sources else set()
    if missing := [one for one in sources if one.id not in known]:
        MergeSource.objects.bulk_create(
            [MergeSource(shop_id=shop_id, id=one.id, body=one.body) for one in missing],
            ignore_conflicts=True,
        )
