"""What a message is filled with: from the rows of its cart and person to merge fields."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from ripresa.contracts.channel import Mailbox
from ripresa.core.money import Money
from ripresa.domain.carts.rules import Line
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.context import (
    AgentFields,
    CartFields,
    ItemFields,
    LinkFields,
    MergeFields,
    PersonFields,
    ShopFields,
)
from ripresa.usecases.sending.turns import Claimed


class MessageFacts(NamedTuple):
    """A row of mail_facts.sql: what a message is filled with, and what it said before."""

    message_id: UUID
    tried_at: datetime | None
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    source: str
    currency: str
    total_minor: int
    items: str
    subject: str | None
    words: bytes | None
    merge_source: bytes | None
    has_bought: bool


def merge_fields(
    shop: Shop, claimed: Claimed, facts: MessageFacts, letterhead: Letterhead
) -> MergeFields:
    """Everything a template may name."""
    message_id = claimed.message.id
    currency = facts.currency or shop.currency
    short = is_short(claimed.message.channel)
    restore = letterhead.url(links.RESTORE, shop.id, message_id, is_short=short)
    return MergeFields(
        person=PersonFields(
            facts.email or "",
            facts.first_name or "",
            facts.last_name or "",
            facts.phone or "",
            facts.has_bought,
        ),
        cart=CartFields(
            tuple(_item(line, currency) for line in lines_of(facts)),
            Money(facts.total_minor, currency),
        ),
        links=LinkFields(
            # There is nothing to restore where a cart was bought, or none is spoken of.
            restore=restore if claimed.message.is_reminder else shop.store_url,
            unsubscribe=letterhead.url(links.UNSUBSCRIBE, shop.id, message_id, is_short=short),
            view=letterhead.url(links.VIEW, shop.id, message_id),
        ),
        shop=ShopFields(shop.name, shop.store_url, shop.address),
        agent=_agent(claimed.to.mailbox or claimed.sending.signed_by),
        coupon=claimed.coupon,
    )


def is_short(channel: str) -> bool:
    """Whether links in a message of this channel are the short ones (MSG-5).

    On paper they are typed, or lie in a QR code that is the smaller for it.
    """
    return channel in {"sms", "letter"}


def lines_of(facts: MessageFacts) -> list[Line]:
    """The lines of the cart as the fold left them."""
    return msgspec.json.decode(facts.items, type=list[Line])


def name_of(facts: MessageFacts) -> str:
    """First and last name, as far as they are known."""
    return f"{facts.first_name or ''} {facts.last_name or ''}".strip()


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
