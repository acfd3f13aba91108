"""Tell the outside what becomes of messages: by the trail of decisions, and by what is heard of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.feedback import FeedbackKind
from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.contracts.reasons import Outcome
from ripresa.core import query
from ripresa.domain.webhooks.telling import tell

_run = partial(query.run, "ripresa.domain.webhooks.tellers")

_DECIDED = {
    Outcome.SENT: HappeningType.MESSAGE_SENT,
    Outcome.HELD: HappeningType.MESSAGE_HELD,
    Outcome.SKIPPED: HappeningType.MESSAGE_SKIPPED,
    Outcome.CANCELLED: HappeningType.MESSAGE_CANCELLED,
    Outcome.FAILED: HappeningType.MESSAGE_FAILED,
    Outcome.UNKNOWN: HappeningType.MESSAGE_UNKNOWN,
}
_HEARD = {
    FeedbackKind.DELIVERED: HappeningType.MESSAGE_DELIVERED,
    FeedbackKind.DELAYED: HappeningType.MESSAGE_DELAYED,
    FeedbackKind.BOUNCED: HappeningType.MESSAGE_BOUNCED,
    FeedbackKind.COMPLAINED: HappeningType.MESSAGE_COMPLAINED,
    FeedbackKind.REPLIED: HappeningType.MESSAGE_REPLIED,
    FeedbackKind.UNSUBSCRIBED: HappeningType.MESSAGE_UNSUBSCRIBED,
    FeedbackKind.OPENED: HappeningType.MESSAGE_OPENED,
    FeedbackKind.CLICKED: HappeningType.MESSAGE_CLICKED,
}


class Planned(NamedTuple):
    """A message that was planned just now."""

    message_id: UUID
    contact_id: UUID
    cart_id: UUID | None
    planned_for: datetime


class HeardOf(NamedTuple):
    """Something new that was heard of a message. `by`, of opens and clicks: person or machine."""

    message_id: UUID
    kind: FeedbackKind
    at: datetime
    reason: str | None = None
    is_permanent: bool = False
    by: str | None = None


def tell_planned(*, shop_id: int, planned: Sequence[Planned], now: datetime) -> None:
    """These messages stand in the plan now."""
    if planned:
        tell(
            shop_id=shop_id,
            types=[HappeningType.MESSAGE_PLANNED],
            happened=lambda: [
                Happening(
                    HappeningType.MESSAGE_PLANNED,
                    one.cart_id or one.contact_id,
                    now,
                    {"planned_for": one.planned_for},
                    {"message": one.message_id},
                    one.cart_id,
                    one.contact_id,
                )
                for one in planned
            ],
            now=now,
        )


def tell_decisions(*, shop_id: int, ids: Sequence[UUID | None], now: datetime) -> None:
    """These decisions were written down, those of them that found their message as it was."""
    written = [one for one in ids if one is not None]
    if written:
        tell(
            shop_id=shop_id,
            types=list(_DECIDED.values()),
            happened=lambda: _decisions(shop_id, written),
            now=now,
        )


def tell_heard(*, shop_id: int, heard: Sequence[HeardOf], now: datetime) -> None:
    """Something new was heard of these messages."""
    if heard:
        tell(
            shop_id=shop_id,
            types=list(_HEARD.values()),
            happened=lambda: _feedback(shop_id, heard),
            now=now,
        )


def _decisions(shop_id: int, ids: Sequence[UUID]) -> Iterable[Happening]:
    for at, message, outcome, reason, cart, contact, due_at in _run(
        "told_decisions", shop_id=shop_id, ids=list(ids)
    ):
        facts = {"reason": reason} | ({} if due_at is None else {"planned_for": due_at})
        yield Happening(
            _DECIDED[Outcome(outcome)],
            cart or contact,
            at,
            facts,
            {"message": message},
            cart,
            contact,
        )


def _feedback(shop_id: int, heard: Sequence[HeardOf]) -> Iterable[Happening]:
    ids = sorted({one.message_id for one in heard})
    people = {row[0]: row[1:] for row in _run("whose_messages", shop_id=shop_id, ids=ids)}
    for one in heard:
        if one.message_id not in people or one.kind not in _HEARD:
            continue
        cart, contact = people[one.message_id]
        yield Happening(
            _HEARD[one.kind],
            cart or contact,
            one.at,
            {
                "occurred_at": one.at,
                "reason": one.reason,
                "is_permanent": one.is_permanent,
                "by": one.by,
            },
            {"message": one.message_id},
            cart,
            contact,
        )
