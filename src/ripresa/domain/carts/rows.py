"""Between a cart's row and a cart being folded."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from crawleruseragents import is_crawler

from ripresa.domain.carts.rules import (
    Attachment,
    CartFold,
    CartState,
    Clockwork,
    Contents,
    Left,
    Line,
    Purchase,
)

# What a browser calls itself, and on what it runs: the first match counts. An iPad may call itself a
# Macintosh, and then nobody can tell. docs/reference/events.md says it for readers.
_DEVICES = (
    (re.compile(r"(Smart|SMART-|Smart-|Apple|Google ?|Android |Hbb)TV"), "unknown"),
    (re.compile(r"iPad|Tablet(?! PC)|Kindle|Silk/|PlayBook"), "tablet"),
    (re.compile(r"^(?!.*(Mobi|Opera Mini)).*Android", re.DOTALL), "tablet"),
    (re.compile(r"Mobi|iPhone|iPod|Windows Phone|BlackBerry|Opera Mini"), "mobile"),
    (re.compile(r"Windows|Macintosh|X11|CrOS|Linux"), "desktop"),
)

# Google's shopping crawler checks out with addresses of this domain.
_BOT_DOMAINS = ("@storebotmail.joonix.net",)


@dataclass(frozen=True, slots=True)
class CartRow:
    """A row of `cart`, as the fold reads and writes it."""

    id: UUID
    source: str
    token: str
    generation: int
    person_key: str | None
    contact_id: UUID | None
    known_by: str
    visitor_id: str | None
    checkout_id: str | None
    state: str
    kind: str
    currency: str
    total_minor: int
    items: str
    restore_url: str | None
    user_agent: str | None
    device: str
    is_bot: bool
    is_test: bool
    begun_at: datetime
    left_at: datetime
    newest_at: datetime
    newest_event: str
    reachable_at: datetime | None
    abandoned_at: datetime | None
    ended_at: datetime | None
    order_id: UUID | None
    due_at: datetime | None

    @property
    def at(self) -> tuple[str, str, int]:
        """What identifies it: source, token, generation."""
        return (self.source, self.token, self.generation)

    def thawed(self) -> CartFold:
        """The cart, ready to take its next event. Only its latest abandonment is known: enough for that."""
        contents = Contents(
            self.currency.strip(),
            self.total_minor,
            tuple(msgspec.json.decode(self.items, type=list[Line])),
        )
        past = []
        if self.abandoned_at is not None:
            is_present = self.state in {CartState.ABANDONED, CartState.EXPIRED}
            left_at = self.left_at if is_present else self.abandoned_at
            past.append(Left(self.abandoned_at, left_at, self.kind, contents, is_stub=True))
        return CartFold(
            token=(self.source, self.token),
            generation=self.generation,
            begun_at=self.begun_at,
            left_at=self.left_at,
            newest=(self.newest_at, self.newest_event),
            state=CartState(self.state),
            kind=self.kind,
            contents=contents,
            checkout_id=self.checkout_id,
            restore_url=self.restore_url,
            visitor_id=self.visitor_id,
            user_agent=self.user_agent,
            abandonments=past,
            order=None
            if self.order_id is None
            else _standing(self.order_id, self.ended_at or self.newest_at),
        )


def _standing(order_id: UUID, ended_at: datetime) -> Purchase:
    """An order that stands, for a cart it ended: that it did is all that the next event asks."""
    nothing: frozenset[Any] = frozenset()
    return Purchase(order_id, ended_at, "", nothing, nothing, nothing, nothing, voided=False)


def frozen(
    cart: CartFold, row_id: UUID, attachment: Attachment, clockwork: Clockwork, *, is_test: bool
) -> CartRow:
    """The row of a folded cart, with the next instant at which time alone changes it."""
    return CartRow(
        id=row_id,
        source=cart.token[0],
        token=cart.token[1],
        generation=cart.generation,
        person_key=attachment.person_key,
        contact_id=attachment.contact_id,
        known_by=attachment.known_by,
        visitor_id=cart.visitor_id,
        checkout_id=cart.checkout_id,
        state=cart.state.value,
        kind=cart.kind,
        currency=cart.contents.currency,
        total_minor=cart.contents.total_minor,
        items=encode_lines(cart.contents.lines),
        restore_url=cart.restore_url,
        user_agent=cart.user_agent,
        device="unknown" if cart.user_agent is None else device_of(cart.user_agent),
        is_bot=_is_bot(cart.user_agent, attachment.person_key),
        is_test=is_test,
        begun_at=cart.begun_at,
        left_at=cart.left_at,
        newest_at=cart.newest[0],
        newest_event=cart.newest[1],
        reachable_at=attachment.reachable_at,
        abandoned_at=cart.abandoned_at,
        ended_at=_ended_at(cart, clockwork),
        # Kept when the order was cancelled: what follows on this token is a new cart all the same.
        order_id=None if cart.order is None else cart.order.id,
        due_at=_due(cart, attachment, clockwork),
    )


def _ended_at(cart: CartFold, clockwork: Clockwork) -> datetime | None:
    if cart.state is CartState.EXPIRED and cart.abandoned_at is not None:
        return cart.abandoned_at + clockwork.expires_after
    return None if cart.order is None else cart.order.at


def _due(cart: CartFold, attachment: Attachment, clockwork: Clockwork) -> datetime | None:
    if cart.state is CartState.ABANDONED and cart.abandoned_at is not None:
        return cart.abandoned_at + clockwork.expires_after
    return cart.abandonment_due(attachment.reachable_at, clockwork)


def encode_lines(lines: tuple[Line, ...]) -> str:
    """The lines as they stand in `cart.items`."""
    return msgspec.json.encode(lines).decode()


@lru_cache(maxsize=4096)
def device_of(user_agent: str) -> str:
    """What a browser runs on, by its own word: mobile, tablet, desktop or unknown."""
    return next((device for names, device in _DEVICES if names.search(user_agent)), "unknown")


@lru_cache(maxsize=4096)
def _crawls(user_agent: str) -> bool:
    return bool(is_crawler(user_agent))


def _is_bot(user_agent: str | None, person_key: str | None) -> bool:
    if person_key is not None and person_key.endswith(_BOT_DOMAINS):
        return True
    return user_agent is not None and _crawls(user_agent)
