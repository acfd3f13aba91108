"""Compose the mails of claimed messages: the same message always gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import structlog

from ripresa.contracts.channel import Mailbox, OutgoingEmail
from ripresa.core.money import Money
from ripresa.domain.carts.rules import Line
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.scenarios.sending import due_messages
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import (
    AgentFields,
    CartFields,
    ItemFields,
    LinkFields,
    MergeFields,
    PersonFields,
    ShopFields,
    build_context,
)
from ripresa.domain.templates.render import RenderedEmail, render_email
from ripresa.usecases.hand_over import Claimed

_log = structlog.get_logger("ripresa.mail")


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready to depart. `is_new`: its words are not stored yet."""

    claimed: Claimed
    mail: OutgoingEmail
    is_new: bool


class _MailFacts(NamedTuple):
    message_id: UUID
    tried_at: datetime | None
    first_name: str | None
    last_name: str | None
    currency: str
    total_minor: int
    items: str
    subject: str | None
    html: str | None
    text: str | None


def compose(
    *, shop: Shop, claimed: Sequence[Claimed], letterhead: Letterhead, now: datetime
) -> tuple[list[Composed], dict[UUID, str]]:
    """The mails of `claimed`, and for each that can't be composed the trouble in words."""
    rows = due_messages.run("mail_facts", shop_id=shop.id, ids=[one.message.id for one in claimed])
    facts = {row[0]: _MailFacts._make(row) for row in rows}
    composed: list[Composed] = []
    troubles: dict[UUID, str] = {}
    for one in claimed:
        try:
            composed.append(_compose(shop, one, facts[one.message.id], letterhead, now))
        except Exception as trouble:  # noqa: BLE001  (see below)
            # Unanticipated, so a developer must look. One bad mail must not stop the others.
            _log.exception("mail can't be composed", shop=shop.id, message=str(one.message.id))
            troubles[one.message.id] = f"can't be composed: {trouble}"
    return composed, troubles


def _compose(
    shop: Shop, claimed: Claimed, facts: _MailFacts, letterhead: Letterhead, now: datetime
) -> Composed:
    message = claimed.message
    unsubscribe = letterhead.url(links.UNSUBSCRIBE, shop.id, message.id)
    words = _stored(facts) or render_email(
        message.template,
        claimed.plan.language,
        build_context(
            _merge_fields(shop, claimed, facts, letterhead, unsubscribe), claimed.plan.language
        ),
    )
    sending = claimed.sending
    mail = OutgoingEmail(
        message_id=letterhead.mail_id(shop.id, message.id),
        sent_at_epoch=int((facts.tried_at or now).timestamp()),
        sender=sending.sender,
        recipient=Mailbox(_name(facts), message.email or ""),
        reply_to=sending.reply_to,
        envelope_from=sending.sender.address,
        subject=words.subject,
        html=words.html,
        text=words.text,
        unsubscribe_url=unsubscribe,
        language=claimed.plan.language,
    )
    return Composed(claimed, mail, is_new=facts.subject is None)


def _stored(facts: _MailFacts) -> RenderedEmail | None:
    if facts.subject is None or facts.html is None or facts.text is None:
        return None
    return RenderedEmail(facts.subject, facts.html, facts.text)


def _merge_fields(
    shop: Shop, claimed: Claimed, facts: _MailFacts, letterhead: Letterhead, unsubscribe: str
) -> MergeFields:
    message_id = claimed.message.id
    return MergeFields(
        person=PersonFields(
            claimed.message.email or "", facts.first_name or "", facts.last_name or ""
        ),
        cart=CartFields(
            tuple(_item(line, facts.currency) for line in _lines(facts.items)),
            Money(facts.total_minor, facts.currency),
        ),
        links=LinkFields(
            restore=letterhead.url(links.RESTORE, shop.id, message_id),
            unsubscribe=unsubscribe,
            view=letterhead.url(links.VIEW, shop.id, message_id),
        ),
        shop=ShopFields(shop.name, shop.store_url, shop.address),
        agent=_agent(claimed.sending.signed_by),
    )


def _lines(items: str) -> list[Line]:
    return msgspec.json.decode(items, type=list[Line])


def _item(line: Line, currency: str) -> ItemFields:
    return ItemFields(
        title=line.title or line.product,
        quantity=line.quantity,
        unit_price=Money(line.unit_minor, currency),
        variant=line.variant,
        image_url=line.image_url,
        url=line.url,
    )


def _agent(mailbox: Mailbox) -> AgentFields:
    first, _, last = mailbox.name.partition(" ")
    return AgentFields(mailbox.address, first, last)


def _name(facts: _MailFacts) -> str:
    return f"{facts.first_name or ''} {facts.last_name or ''}".strip()


def departure_columns(
    composed: Sequence[Composed], letterhead: Letterhead, shop_id: int, now: datetime
) -> dict[str, list[Any]]:
    """The words and links of mails as depart.sql stores them."""
    new = [one for one in composed if one.is_new]
    stored = [
        (one.claimed.message.id, letterhead.stored(purpose, shop_id, one.claimed.message.id, now))
        for one in new
        for purpose in links.PURPOSES
    ]
    return {
        "content_ids": [one.claimed.message.id for one in new],
        "subjects": [one.mail.subject for one in new],
        "htmls": [one.mail.html for one in new],
        "texts": [one.mail.text for one in new],
        "link_hashes": [f"\\x{link.token_hash.hex()}" for _, link in stored],
        "link_purposes": [link.purpose for _, link in stored],
        "link_message_ids": [message_id for message_id, _ in stored],
        "link_expiries": [link.expires_at for _, link in stored],
    }
