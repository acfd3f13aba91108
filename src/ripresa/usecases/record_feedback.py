"""Record what is heard of messages after their hand-over, and do what follows from it.

Whoever hears something calls this: the reader of providers' calls, the bounce mailbox, our own
tracking. The same things told again, or in another order, come to the same (docs/explanation/feedback.md).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.domain.attribution import stale
from ripresa.domain.messages import feedback as heard
from ripresa.domain.messages.feedback import Item
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Message
from ripresa.domain.webhooks.tellers.messages import HeardOf, tell_heard
from ripresa.usecases.feedback.consequences import Case, follow, has_consequences
from ripresa.usecases.feedback.finding import Source, find_items
from ripresa.usecases.feedback.verdicts import judge
from ripresa.usecases.name_causes import name_causes_after_clicks

_SEEN = (FeedbackKind.OPENED, FeedbackKind.CLICKED)


def record_feedback(
    *,
    shop_id: int,
    source: Source,
    told: Sequence[Feedback],
    letterhead: Letterhead,
    now: datetime,
    may_wait: bool = False,
) -> list[Feedback]:
    """Take down what one source told of a shop's messages; returns what names none of ours.

    Nothing of `told` lies ahead: what claims to is taken as of `now`. `may_wait`: what names a message
    by a receipt that we do not know is not taken down, for it may be told again in a moment.
    """
    found = find_items(
        shop_id=shop_id,
        source=source,
        heard=[_not_ahead(one, now) for one in told],
        letterhead=letterhead,
    )
    unknown = [item.feedback for item, message in found if message is None]
    if may_wait:
        found = [pair for pair in found if pair[1] is not None or pair[0].feedback.receipt is None]
    plain = [pair for pair in found if not has_consequences(pair[0].feedback.kind)]
    if plain:
        _keep(shop_id, source, plain, now)
    for pair in found:
        if has_consequences(pair[0].feedback.kind):
            # One at a time: each locks a person of its own.
            _keep(shop_id, source, [pair], now)
    _name_causes(shop_id, [item for item, _ in found], now)
    return unknown


def _name_causes(shop_id: int, items: Sequence[Item], now: datetime) -> None:
    clicked = {
        item.message_id
        for item in items
        if item.message_id is not None and item.feedback.kind is FeedbackKind.CLICKED
    }
    if clicked:
        # Who calls us may hold rows that the fold asks for after the people; this locks people first.
        transaction.on_commit(
            partial(name_causes_after_clicks, shop_id=shop_id, message_ids=clicked, now=now),
            robust=True,
        )


@transaction.atomic
def _keep(
    shop_id: int, source: Source, found: Sequence[tuple[Item, Message | None]], now: datetime
) -> None:
    items = [item for item, _ in found]
    new = heard.keep(shop_id=shop_id, source=source.name, items=items, now=now)
    if not new:
        return
    concerned = [(item, one) for item, one in found if item.feedback.event_id in new]
    for item, message in concerned:
        if has_consequences(item.feedback.kind):
            follow(Case(shop_id, source, item, message, now))
    about = {item.message_id for item, _ in concerned if item.message_id is not None}
    heard.refresh_delivery(shop_id=shop_id, message_ids=about)
    stale.mark_messages(shop_id=shop_id, message_ids=about, now=now)
    tell_heard(
        shop_id=shop_id,
        heard=[
            _told(item, item.message_id)
            for item, _ in concerned
            if item.message_id is not None and item.feedback.kind not in _SEEN
        ],
        now=now,
    )
    seen = {
        item.message_id
        for item, _ in concerned
        if item.message_id is not None and item.feedback.kind in _SEEN
    }
    if seen:
        judge(shop_id=shop_id, message_ids=seen, now=now)


def _told(item: Item, message_id: UUID) -> HeardOf:
    said = item.feedback
    reason = said.reason and said.reason.value
    return HeardOf(message_id, said.kind, said.occurred_at, reason, said.is_permanent)


def _not_ahead(one: Feedback, now: datetime) -> Feedback:
    return one if one.occurred_at <= now else replace(one, occurred_at=now)
