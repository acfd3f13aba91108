"""What a channel is given and what it answers: shared by the sending use case and every provider.

A channel is handed a batch and returns one fate for each message, in the same order. It never
raises for a message; retry, suppression and pause are decided by the caller from the fate alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable
from uuid import UUID

from ripresa.core.money import Money


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name (may be empty) and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """One e-mail, rendered. The same `message_id` gives the same bytes, however often it is sent.

    `message_key` names the message to whoever comes back about it (a bounce, a hook): a signed id of
    lower-case letters and digits, at most 60 characters, the same however often it is sent.
    `message_id` is the RFC 5322 Message-ID without angle brackets; `sent_at_epoch` the Date header
    in whole seconds UTC (the instant of the first hand-over); `unsubscribe_url` (http or https; empty
    for what is no marketing) fills List-Unsubscribe and, being HTTPS or loopback,
    List-Unsubscribe-Post (RFC 8058);
    `language` is a BCP 47 tag. Control characters in names and subject become spaces; a value that
    would have to be changed to be a legal address, id or URL makes the channel answer
    Refused(permanent=True, kind=OTHER).
    """

    message_key: str
    message_id: str
    sent_at_epoch: int
    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None
    envelope_from: str
    subject: str
    html: str
    text: str
    unsubscribe_url: str
    language: str


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """One short message. The same `idempotency_key` says the same text, however often it is sent.

    The key is the message key, as OutgoingEmail has it.
    `recipient` is a number in E.164 (+393331234567); `sender` what the reader sees as its origin: up to
    eleven letters and digits, or a number in E.164. `text` is what is read, links and all. A value
    that can't be sent makes the channel answer Refused(permanent=True, kind=OTHER).
    """

    idempotency_key: str
    sender: str
    recipient: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a letter goes: `lines` are street and the like; `country` ISO 3166, two capitals."""

    name: str
    lines: tuple[str, ...]
    postal_code: str
    city: str
    region: str
    country: str

    @property
    def text(self) -> str:
        """The whole address on one line."""
        city = f"{self.postal_code} {self.city}".strip()
        parts = (self.name, *self.lines, city, self.region, self.country)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """One letter, set and ready to print: `pdf` of `pages` pages. The same key, the same words.

    `address_lines` are what stands in the window of the envelope; `text` what the letter says, without
    its layout; `code` is printed on it, so that one which comes back can be told. For a channel that is
    not real nothing is set: no lines, no pages, no PDF.
    """

    idempotency_key: str
    recipient: PostalAddress
    address_lines: tuple[str, ...]
    subject: str
    text: str
    language: str
    code: str
    pages: int
    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingNotice:
    """A notice to one agent, for a channel that is no mail. The same `idempotency_key`, the same words.

    `text` has paragraphs with an empty line between them, and no link that opens anything without a log-in.
    `sent_at_epoch` is the instant of the first hand-over, in whole seconds UTC.
    """

    idempotency_key: str
    recipient: Mailbox
    subject: str
    text: str
    language: str
    sent_at_epoch: int


class RefusalKind(StrEnum):
    """Whose fault a refusal is: the only thing that suppression and pause look at (CNS-3)."""

    MAILBOX = "mailbox"  # an address that does not exist or is switched off: it is suppressed
    POLICY = "policy"  # content, reputation, DKIM, blocked sender: the sender is paused
    CREDIT = "credit"  # the account has no money left: the scenario is paused
    OTHER = "other"  # full mailbox, size, syntax, anything unclear: only this message ends


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message over. `receipt` is its own word for it, for support cases."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Surely not taken over: the provider said no, or was never asked. Not `permanent`: try later.

    A passing trouble (4xx, unreachable, no time left) is OTHER. POLICY without `permanent` is
    trouble of the account that lasts until someone mends it: password, certificate, encryption.
    So is CREDIT, permanent or not: the message waits until someone has paid.
    As no time left is no fault of the message, the end of retrying is better an age than a count.
    """

    permanent: bool
    kind: RefusalKind
    detail: str  # the provider's own words, e.g. "550 5.1.1 no such user"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether it was taken over: never sent again (promise 2)."""

    detail: str


Fate = Accepted | Refused | Unknown


Outgoing = OutgoingEmail | OutgoingSms | OutgoingLetter | OutgoingNotice
T_contra = TypeVar("T_contra", bound=Outgoing, contravariant=True)


class Channel(Protocol[T_contra]):
    """A provider that carries one kind of message.

    `is_real` False: what it takes over is recorded here and reaches nobody.
    """

    name: str
    is_real: bool
    in_flight: int  # most messages on the wire at one instant: the most a kill can leave unknown

    def send(self, batch: Sequence[T_contra], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; one fate each, in order. Provider away: Refused(permanent=False).

        Returns within `timeout` of the wall clock and a second. Messages are begun during the first
        half of it only, so each has at least the other half to be answered; what was not begun is
        Refused(permanent=False). Safe to call from several threads.
        """
        ...

    def close(self) -> None:
        """Give back kept connections."""
        ...


@runtime_checkable
class HasPrices(Protocol[T_contra]):
    """A channel that tells before the hand-over what messages will cost."""

    has_price_list: bool  # it knows by itself, and asks nobody

    def prices(self, batch: Sequence[T_contra], *, timeout: timedelta) -> list[Money | None]:
        """What each message will cost, postage and all; None: not told just now."""
        ...


@dataclass(frozen=True, slots=True)
class Channels:
    """The provider of each kind. `notice` carries the mails that agents get; None: `email` does.

    `accounts`: by kind, the provider account of the shop's own that carries it, where there is one.
    """

    email: Channel[OutgoingEmail]
    sms: Channel[OutgoingSms]
    letter: Channel[OutgoingLetter]
    accounts: Mapping[str, UUID] = field(default_factory=dict)
    notice: Channel[OutgoingEmail] | None = None

    def of(self, shop_id: int, now: datetime) -> "Channels":  # noqa: ARG002  (see ChannelsOfShops)
        """The same ones for every shop."""
        return self

    def to_owner(self, shop_id: int, now: datetime) -> Channel[OutgoingEmail]:  # noqa: ARG002
        """The same one for every shop."""
        return self.email

    def close(self) -> None:
        """Give back kept connections."""
        self.email.close()
        self.sms.close()
        self.letter.close()


class ChannelsOfShops(Protocol):
    """Who carries the messages of each shop, as it is configured at that moment."""

    def of(self, shop_id: int, now: datetime) -> Channels:
        """The providers of a shop. They are not closed by whoever asks."""
        ...

    def to_owner(self, shop_id: int, now: datetime) -> Channel[OutgoingEmail]:
        """What mails the shop's owner, even where the shop's own e-mail is held."""
        ...

    def close(self) -> None:
        """Give back kept connections."""
        ...
