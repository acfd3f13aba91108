"""Compose claimed messages: the same message always gives the same bytes, in every channel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from ripresa.contracts.catalogue import Catalogue
from ripresa.contracts.channel import (
    Mailbox,
    Outgoing,
    OutgoingEmail,
    OutgoingLetter,
    OutgoingSms,
    PostalAddress,
    RefusalKind,
    Refused,
)
from ripresa.contracts.letters.windows import Window
from ripresa.contracts.reasons import Reason
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead, Purpose
from ripresa.domain.messages.models import MessageLetter
from ripresa.domain.messages.wording import Source, pack, source_of, unpack
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.senders import sms_origin
from ripresa.domain.scenarios.sending import due_messages
from ripresa.domain.scenarios.zones import zone_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import build_context
from ripresa.domain.templates.letters.addresses import BadAddress
from ripresa.domain.templates.merge import MergeContext
from ripresa.domain.templates.render import Rendered
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.letters.setting import (
    Draft,
    Press,
    Ready,
    print_drafts,
    stored_letters,
    stored_words,
)
from ripresa.usecases.providers.return_addresses import ReturnAddresses, return_addresses
from ripresa.usecases.sending.merge_fields import (
    MessageFacts,
    is_short,
    merge_fields,
    name_of,
)
from ripresa.usecases.sending.stock import look_at_shelves
from ripresa.usecases.sending.tracked_words import track, track_sms
from ripresa.usecases.sending.turns import Claimed

_log = structlog.get_logger("ripresa.mail")

# The links that stand in a message of each channel. A notice has none: it is no customer's.
_PURPOSES: Mapping[str, tuple[Purpose, ...]] = {
    "email": links.PURPOSES,
    "sms": (links.RESTORE, links.UNSUBSCRIBE),
    "letter": (links.RESTORE, links.UNSUBSCRIBE),
    AGENT: (),
}
_TRACKED = {"email": track, "sms": track_sms}


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to depart. `is_new`: its words are not stored yet."""

    claimed: Claimed
    outgoing: Outgoing
    words: Rendered
    is_new: bool
    printed: MessageLetter | None = None
    urls: tuple[str, ...] = ()


@dataclass(slots=True)
class Composition:
    """What came of composing. `skipped`: what must not leave after all; `troubles`: what can't."""

    composed: list[Composed] = field(default_factory=list)
    skipped: list[tuple[Claimed, Reason]] = field(default_factory=list)
    troubles: list[tuple[Claimed, Refused]] = field(default_factory=list)


class _Desk(NamedTuple):
    """`window`: of the envelopes that letters go into; None: nobody prints any."""

    shop: Shop
    letterhead: Letterhead
    window: Window | None
    back: ReturnAddresses
    now: datetime
    texts: Texts


class _Words(NamedTuple):
    """What a message says; `is_new`: it was not stored before. `urls`: where its tracked links lead."""

    claimed: Claimed
    facts: MessageFacts
    words: Rendered
    urls: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.facts.subject is None


def compose(
    *,
    shop: Shop,
    claimed: Sequence[Claimed],
    letterhead: Letterhead,
    catalogue: Catalogue,
    window: Window | None,
    now: datetime,
) -> Composition:
    """The messages of `claimed`, what is sold out, and what can't be composed.

    `window`: of the envelopes that letters go into; None: they reach nobody, and none is printed.
    """
    rows = due_messages.run("mail_facts", shop_id=shop.id, ids=[one.message.id for one in claimed])
    facts = {row[0]: MessageFacts._make(row) for row in rows}
    # What thanks for a cart, or speaks of none, advertises nothing.
    bought = {one.message.id for one in claimed if not one.message.is_reminder}
    stock = look_at_shelves(shop_id=shop.id, facts=facts, catalogue=catalogue, spared=bought)
    desk = _Desk(shop, letterhead, window, return_addresses(shop.id), now, Texts(shop.id))
    composition = Composition()
    letters: list[_Words] = []
    for one in claimed:
        message_id = one.message.id
        told = replace(one, facts={**one.facts, **stock.told.get(message_id, {})})
        if message_id in stock.sold_out and one.message.channel != AGENT:
            composition.skipped.append((told, Reason.SOLD_OUT))
            continue
        try:
            said = _say(desk, told, stock.facts[message_id])
            if one.message.channel == "letter" and window is not None:
                letters.append(said)
            else:
                composition.composed.append(_compose(desk, said))
        except Exception as trouble:  # noqa: BLE001  (see below)
            # Unanticipated, so a developer must look. One bad mail must not stop the others.
            _log.exception("mail can't be composed", shop=shop.id, message=str(message_id))
            composition.troubles.append((one, _unforeseen(trouble)))
    if letters and window is not None:
        _print(composition, Press(shop, letterhead, window, now), letters)
    return composition


def _unforeseen(trouble: Exception) -> Refused:
    detail = f"can't be composed: {trouble}"
    return Refused(permanent=False, kind=RefusalKind.OTHER, detail=detail)


def _print(composition: Composition, press: Press, letters: Sequence[_Words]) -> None:
    """Set letters on paper, all at once."""
    before = stored_letters(
        press.shop.id, [one.claimed.message.id for one in letters if not one.is_new]
    )
    drafts = [_draft(one, before) for one in letters]
    for said, printed in zip(letters, print_drafts(press, drafts), strict=True):
        match printed:
            case BadAddress():
                why = {"field": printed.field, "why": str(printed)}
                skipped = replace(said.claimed, facts={**said.claimed.facts, **why})
                composition.skipped.append((skipped, Reason.NO_ADDRESS))
            case Refused():
                composition.troubles.append((said.claimed, printed))
            case Ready(outgoing, row):
                composition.composed.append(
                    Composed(said.claimed, outgoing, said.words, said.is_new, row)
                )


def _draft(said: _Words, before: Mapping[UUID, MessageLetter]) -> Draft:
    message_id, letter = said.claimed.message.id, said.words.letter
    stored = before.get(message_id)
    if letter is None:
        letter = stored_words(stored, said.words)
    return Draft(message_id, _recipient(said), letter, stored)


def _say(desk: _Desk, claimed: Claimed, facts: MessageFacts) -> _Words:
    message = claimed.message
    if (stored := _stored(facts)) is not None:
        return _Words(claimed, facts, stored)
    words = desk.texts.render(
        message.template, message.channel, claimed.language, _context(desk, claimed, facts)
    )
    if (version := desk.texts.revision(message.template)) is not None:
        said = {"text": message.template, "text_version": version}
        claimed = replace(claimed, facts={**claimed.facts, **said})
    if (tracked := _TRACKED.get(message.channel)) is None:
        return _Words(claimed, facts, words)
    return _Words(claimed, facts, *tracked(words, desk.shop, desk.letterhead, message.id))


def _compose(desk: _Desk, said: _Words) -> Composed:
    claimed, facts, words, urls = said
    match claimed.message.channel:
        case "sms":
            outgoing: Outgoing = _sms(desk, claimed, words)
        case "letter":
            outgoing = _unprinted(desk, said)
        case _:
            outgoing = _mail(desk, claimed, facts, words)
    return Composed(claimed, outgoing, words, said.is_new, urls=urls)


def _stored(facts: MessageFacts) -> Rendered | None:
    if facts.subject is None or facts.words is None:
        return None
    return Rendered(facts.subject, *unpack(facts.words, facts.merge_source or b""))


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
    key = desk.letterhead.message_key(desk.shop.id, message.id)
    # An agent answers whom the notice is about: that answer is no customer's.
    back = ReturnAddresses() if is_notice else desk.back
    return OutgoingEmail(
        message_key=key,
        message_id=desk.letterhead.mail_id(desk.shop.id, message.id),
        sent_at_epoch=int((facts.tried_at or desk.now).timestamp()),
        sender=sending.sender,
        recipient=claimed.to.mailbox or Mailbox(name_of(facts), claimed.to.text),
        reply_to=back.reply_to(key, sending.sender, sending.reply_to),
        envelope_from=back.envelope_sender(key, sending.sender),
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


def _unprinted(desk: _Desk, said: _Words) -> OutgoingLetter:
    """A letter for a channel that reaches nobody: its words alone."""
    return OutgoingLetter(
        idempotency_key=desk.letterhead.message_key(desk.shop.id, said.claimed.message.id),
        recipient=_recipient(said),
        address_lines=(),
        subject=said.words.subject,
        text=said.words.text,
        language=said.claimed.language,
        code="",
        pages=0,
        pdf=b"",
    )


def _recipient(said: _Words) -> PostalAddress:
    postal = said.claimed.to.postal
    if postal is None:
        raise ValueError("there is no postal address")
    return postal if postal.name else replace(postal, name=name_of(said.facts))


def sources_of(composed: Sequence[Composed]) -> set[Source]:
    """What new words were filled from: kept before any of them is (`keep_sources`)."""
    return {source for one in composed if one.is_new and (source := _source(one))}


def _source(one: Composed) -> Source | None:
    """None for a letter: its words are set block by block."""
    html, text = one.words.source
    return source_of(html, text) if html or text else None


def _packed(one: Composed) -> str:
    """As PostgreSQL reads bytes (documentation, section 8.4.1)."""
    source = _source(one)
    packed = pack(one.words.html, one.words.text, source.body if source else b"")
    return f"\\x{packed.hex()}"


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
    stored += [
        (
            one.claimed.message.id,
            letterhead.stored_click(shop_id, one.claimed.message.id, number, now),
        )
        for one in new
        if is_short(one.claimed.message.channel)
        for number in range(len(one.urls))
    ]
    return {
        "content_ids": [one.claimed.message.id for one in new],
        "subjects": [one.words.subject for one in new],
        "words": [_packed(one) for one in new],
        "source_ids": [source.id if (source := _source(one)) else None for one in new],
        "urls": [json.dumps(one.urls) for one in new],
        "link_hashes": [f"\\x{link.token_hash.hex()}" for _, link in stored],
        "link_purposes": [link.purpose for _, link in stored],
        "link_message_ids": [message_id for message_id, _ in stored],
        "link_expiries": [link.expires_at for _, link in stored],
    }
