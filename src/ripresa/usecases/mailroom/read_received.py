"""Read the mails that came in, and do what follows: bounces, complaints, answers (CNS-3, AGT-3)."""

from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from django.db import transaction

from ripresa.channels.mailbox.addresses import Use
from ripresa.channels.mailbox.answer import (
    goes_in_circles,
    ids_of,
    named_keys,
    own_words,
    writer_of,
)
from ripresa.channels.mailbox.reading.mail import Mail, NotAMail, parse_mail
from ripresa.channels.mailbox.reading.read import read_parsed
from ripresa.channels.mailbox.reading.signs import is_from_nobody
from ripresa.channels.mailbox.reading.values import MailKind, Reading
from ripresa.channels.mailbox.telling import feedback_of
from ripresa.contracts.channel import ChannelsOfShops, Mailbox, Refused
from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.contracts.sms.replies import ReplyWord, read_reply
from ripresa.domain.mailroom import operations
from ripresa.domain.mailroom.models import ReceivedMail
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import Message, MessageFeedback
from ripresa.domain.shops.models import Shop
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.mailroom import forwarding
from ripresa.usecases.mailroom.matching import message_named, message_to
from ripresa.usecases.record_feedback import record_feedback

BATCH = 20
# Whoever has the address of one mail could have an agent's mailbox filled.
MOST_PASSED_ON = 50
_DAY = timedelta(days=1)
_TIMEOUT = timedelta(seconds=30)
# Whoever knows an address could write about it: only a message that is named by a key of ours counts.
SOURCE = Source("mailbox", "email", trusts_recipient=False)

_log = structlog.get_logger("ripresa.mailroom")


class Outcome(NamedTuple):
    """What became of a mail; `is_over` False: it is to be tried again."""

    name: str
    detail: str = ""
    is_over: bool = True


class _Desk(NamedTuple):
    shop: Shop
    channels: ChannelsOfShops
    letterhead: Letterhead
    now: datetime


def read_received(
    *, shop_id: int, now: datetime, channels: ChannelsOfShops, letterhead: Letterhead
) -> int:
    """Read up to BATCH mails of a shop; returns how many were due."""
    with transaction.atomic():
        taken = operations.take_due(shop_id=shop_id, now=now, limit=BATCH)
    if not taken:
        return 0
    desk = _Desk(Shop.objects.get(id=shop_id), channels, letterhead, now)
    for received in taken:
        outcome = _guarded(desk, received)
        if outcome.is_over:
            operations.settle(received, outcome.name, outcome.detail)
        else:
            operations.put_off(received, outcome.detail, now)
    operations.forget_old(shop_id=shop_id, now=now)
    return len(taken)


def _guarded(desk: _Desk, received: ReceivedMail) -> Outcome:
    try:
        return _read(desk, received)
    except Exception as trouble:  # noqa: BLE001  (see below)
        # Unforeseen, so a developer must look. One bad mail must not stop the others.
        _log.exception("a mail can't be read", shop=desk.shop.id, mail=str(received.id))
        return Outcome("", f"can't be read: {trouble}", is_over=False)


def _read(desk: _Desk, received: ReceivedMail) -> Outcome:
    try:
        mail = parse_mail(bytes(received.raw))
    except NotAMail as wrong:
        return Outcome("unreadable", str(wrong))
    reading = read_parsed(mail)
    if reading.kind in {MailKind.BOUNCE, MailKind.COMPLAINT} or reading.heard:
        return _came_back(desk, received, mail, reading)
    return _answered(desk, received, mail, reading)


def _came_back(desk: _Desk, received: ReceivedMail, mail: Mail, reading: Reading) -> Outcome:
    keys = named_keys(received.recipient, mail, Use.BOUNCE)
    message = message_named(shop_id=desk.shop.id, keys=keys, letterhead=desk.letterhead)
    kind = "complaint" if reading.kind is MailKind.COMPLAINT else "bounce"
    if message is None:
        return Outcome("unmatched", f"{kind}: it names no message of ours")
    told = feedback_of(reading, _key(desk, message), _event_id(received), received.received_at)
    _record(desk, told)
    return Outcome(kind)


def _answered(desk: _Desk, received: ReceivedMail, mail: Mail, reading: Reading) -> Outcome:
    writer = writer_of(mail)
    if goes_in_circles(mail) or forwarding.was_passed_on(ids_of(mail), desk.letterhead):
        return Outcome("loop", "an answer that we passed on came back")
    keys = named_keys(received.recipient, mail, Use.REPLY)
    keys += named_keys(received.recipient, mail, Use.BOUNCE)
    message = message_named(shop_id=desk.shop.id, keys=keys, letterhead=desk.letterhead)
    if message is None and reading.kind is MailKind.OTHER:
        message = message_to(shop_id=desk.shop.id, address=writer.address, now=desk.now)
    if message is None:
        return Outcome("unmatched", "it names no message of ours")
    if reading.kind is MailKind.AUTO_REPLY or is_from_nobody(mail):
        told = Feedback(
            FeedbackKind.AUTO_REPLIED,
            _event_id(received),
            received.received_at,
            message_key=_key(desk, message),
        )
        _record(desk, told)
        return Outcome("auto_reply")
    return _person_answered(desk, received, mail, message)


def _person_answered(desk: _Desk, received: ReceivedMail, mail: Mail, message: Message) -> Outcome:
    to = forwarding.agent_of(desk.shop, message, desk.now)
    if to is not None and writer_of(mail).address.lower() == to.address.lower():
        return Outcome("loop", f"{to.address} wrote it, to whom it would go")
    words = own_words(mail)
    is_opt_out = read_reply(words) is ReplyWord.STOP
    told = Feedback(
        FeedbackKind.UNSUBSCRIBED if is_opt_out else FeedbackKind.REPLIED,
        _event_id(received),
        received.received_at,
        message_key=_key(desk, message),
        text=words,
    )
    # First what stops mails; a second time it changes nothing.
    _record(desk, told)
    if is_opt_out:
        return Outcome("opt_out")
    if to is None:
        return Outcome("reply", "there is neither agent nor owner to pass it on to")
    if _answers_today(desk, message) > MOST_PASSED_ON:
        return Outcome(
            "reply", f"not passed on: more than {MOST_PASSED_ON} answers to one mail in a day"
        )
    return _pass_on(desk, received, mail, message, to)


def _pass_on(
    desk: _Desk, received: ReceivedMail, mail: Mail, message: Message, to: Mailbox
) -> Outcome:
    outgoing = forwarding.forwarded(
        received, mail, message, shop=desk.shop, to=to, head=desk.letterhead
    )
    channel = desk.channels.to_owner(desk.shop.id, desk.now)
    fate = channel.send([outgoing], timeout=_TIMEOUT)[0]
    if not isinstance(fate, Refused):
        return Outcome("reply", f"passed on to {to.address}")
    detail = f"{to.address}: {fate.detail}"
    return (
        Outcome("undeliverable", detail) if fate.permanent else Outcome("", detail, is_over=False)
    )


def _answers_today(desk: _Desk, message: Message) -> int:
    heard = MessageFeedback.objects.filter(
        shop_id=desk.shop.id, message_id=message.id, kind=FeedbackKind.REPLIED.value
    )
    return heard.filter(occurred_at__gt=desk.now - _DAY).count()


def _record(desk: _Desk, told: Feedback | None) -> None:
    if told is not None:
        record_feedback(
            shop_id=desk.shop.id,
            source=SOURCE,
            told=[told],
            letterhead=desk.letterhead,
            now=desk.now,
        )


def _key(desk: _Desk, message: Message) -> str:
    return desk.letterhead.message_key(desk.shop.id, message.id)


def _event_id(received: ReceivedMail) -> str:
    return bytes(received.digest).hex()
