"""Compose claimed messages: the same message always gives the same bytes, in every channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import structlog

from ripresa.contracts.catalogue import Catalogue
from ripresa.contracts.channel import (
    Mailbox,
    Outgoing,
    OutgoingEmail,
    OutgoingLetter,
    OutgoingSms,
    PostalAddress,
)
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead, Purpose
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.senders import sms_origin
from ripresa.domain.scenarios.sending import due_messages
from ripresa.domain.scenarios.zones import zone_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import build_context
from ripresa.domain.templates.merge import MergeContext
from ripresa.domain.templates.render import Rendered, render_preset
from ripresa.usecases.sending.merge_fields import (
    MessageFacts,
    is_short,
    merge_fields,
    name_of,
)
from ripresa.usecases.sending.stock import look_at_shelves
from ripresa.usecases.sending.turns import Claimed

_log = structlog.get_logger("ripresa.mail")

# The links that stand in a message of each channel. A notice has none: it is no customer's.
_PURPOSES: Mapping[str, tuple[Purpose, ...]] = {
    "email": links.PURPOSES,
    "sms": (links.RESTORE, links.UNSUBSCRIBE),
    "letter": (links.RESTORE, links.UNSUBSCRIBE),
    AGENT: (),
}


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to depart. `is_new`: its words are not stored yet."""

    claimed: Claimed
    outgoing: Outgoing
    words: Rendered
    is_new: bool


@dataclass(slots=True)
class Composition:
    """What came of composing. `sold_out`: nothing is left of the cart; `troubles`: each in words."""

    composed: list[Composed] = field(default_factory=list)
    sold_out: list[Claimed] = field(default_factory=list)
    troubles: list[tuple[Claimed, str]] = field(default_factory=list)


class _Desk(NamedTuple):
    shop: Shop
    letterhead: Letterhead
    now: datetime


def compose(
    *,
    shop: Shop,
    claimed: Sequence[Claimed],
    letterhead: Letterhead,
    catalogue: Catalogue,
    now: datetime,
) -> Composition:
    """The messages of `claimed`, what is sold out, and what can't be composed."""
    rows = due_messages.run("mail_facts", shop_id=shop.id, ids=[one.message.id for one in claimed])
    facts = {row[0]: MessageFacts._make(row) for row in rows}
    # What thanks for a cart, or speaks of none, advertises nothing.
    bought = {one.message.id for one in claimed if not one.message.is_reminder}
    stock = look_at_shelves(shop_id=shop.id, facts=facts, catalogue=catalogue, spared=bought)
    composition = Composition()
    desk = _Desk(shop, letterhead, now)
    for one in claimed:
        message_id = one.message.id
        told = replace(one, facts={**one.facts, **stock.told.get(message_id, {})})
        if message_id in stock.sold_out and one.message.channel != AGENT:
            composition.sold_out.append(told)
            continue
        try:
            composition.composed.append(_compose(desk, told, stock.facts[message_id]))
        except Exception as trouble:  # noqa: BLE001  (see below)
            # Unanticipated, so a developer must look. One bad mail must not stop the others.
            _log.exception("mail can't be composed", shop=shop.id, message=str(message_id))
            composition.troubles.append((one, f"can't be composed: {trouble}"))
    return composition


def _compose(desk: _Desk, claimed: Claimed, facts: MessageFacts) -> Composed:
    message = claimed.message
    words = _stored(facts) or render_preset(
        message.template, message.channel, claimed.language, _context(desk, claimed, facts)
    )
    match message.channel:
        case "sms":
            outgoing: Outgoing = _sms(desk, claimed, words)
        case "letter":
            outgoing = _letter(desk, claimed, facts, words)
        case _:
            outgoing = _mail(desk, claimed, facts, words)
    return Composed(claimed, outgoing, words, is_new=facts.subject is None)


def _stored(facts: MessageFacts) -> Rendered | None:
    if facts.subject is None or facts.html is None or facts.text is None:
        return None
    return Rendered(facts.subject, facts.html, facts.text)


def _context(desk: _Desk, claimed: Claimed, facts: MessageFacts) -> MergeContext:
    message = claimed.message
    zone = zone_of(
        timezone=message.timezone,
        country=message.country,
        phone=message.phone,
        shop_zone=desk.shop.timezone,
    )
    fields = merge_fields(desk.shop, claimed, facts, desk.letterhead)
    return build_context(fields, claimed.language, zone)


def _mail(desk: _Desk, claimed: Claimed, facts: MessageFacts, words: Rendered) -> OutgoingEmail:
    """A mail to her, or to the agent: that one offers no way to unsubscribe, for it is work."""
    message, sending = claimed.message, claimed.sending
    is_notice = message.channel == AGENT
    unsubscribe = desk.letterhead.url(links.UNSUBSCRIBE, desk.shop.id, message.id)
    return OutgoingEmail(
        message_key=desk.letterhead.message_key(desk.shop.id, message.id),
        message_id=desk.letterhead.mail_id(desk.shop.id, message.id),
        sent_at_epoch=int((facts.tried_at or desk.now).timestamp()),
        sender=sending.sender,
        recipient=claimed.to.mailbox or Mailbox(name_of(facts), claimed.to.text),
        reply_to=sending.reply_to,
        envelope_from=sending.sender.address,
        subject=words.subject,
        html=words.html,
        text=words.text,
        unsubscribe_url="" if is_notice else unsubscribe,
        language=claimed.language,
    )


def _sms(desk: _Desk, claimed: Claimed, words: Rendered) -> OutgoingSms:
    return OutgoingSms(
        idempotency_key=desk.letterhead.message_key(desk.shop.id, claimed.message.id),
        sender=sms_origin(desk.shop),
        recipient=claimed.to.text,
        text=words.text,
        language=claimed.language,
    )


def _letter(desk: _Desk, claimed: Claimed, facts: MessageFacts, words: Rendered) -> OutgoingLetter:
    postal = claimed.to.postal
    if postal is None:
        raise ValueError("there is no postal address")
    to = postal if postal.name else _named(postal, name_of(facts))
    return OutgoingLetter(
        idempotency_key=desk.letterhead.message_key(desk.shop.id, claimed.message.id),
        sender=f"{desk.shop.name}\n{desk.shop.address}".strip(),
        recipient=to,
        subject=words.subject,
        paragraphs=tuple(words.text.split("\n\n")),
        language=claimed.language,
    )


def _named(postal: PostalAddress, name: str) -> PostalAddress:
    return PostalAddress(
        name, postal.lines, postal.postal_code, postal.city, postal.region, postal.country
    )


def departure_columns(
    composed: Sequence[Composed], letterhead: Letterhead, shop_id: int, now: datetime
) -> dict[str, list[Any]]:
    """The words and links of messages as depart.sql stores them."""
    new = [one for one in composed if one.is_new]
    stored = [
        (
            message.id,
            letterhead.stored(
                purpose, shop_id, message.id, now, is_short=is_short(message.channel)
            ),
        )
        for message in (one.claimed.message for one in new)
        for purpose in _PURPOSES[message.channel]
    ]
    return {
        "content_ids": [one.claimed.message.id for one in new],
        "subjects": [one.words.subject for one in new],
        "htmls": [one.words.html for one in new],
        "texts": [one.words.text for one in new],
        "link_hashes": [f"\\x{link.token_hash.hex()}" for _, link in stored],
        "link_purposes": [link.purpose for _, link in stored],
        "link_message_ids": [message_id for message_id, _ in stored],
        "link_expiries": [link.expires_at for _, link in stored],
    }
