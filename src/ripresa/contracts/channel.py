"""What a channel is given and what it answers: shared by the use case that sends and every provider.

A channel is handed a batch and returns one fate for each message, in the same order. It never raises for a
message; retry, suppression and pause are decided by the caller from the fate alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name (may be empty) and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """One e-mail, rendered. The same `message_id` gives the same bytes, however often it is sent.

    `message_id` is the RFC 5322 Message-ID without angle brackets; `sent_at_epoch` the Date header in whole
    seconds UTC (the instant of the first hand-over); `unsubscribe_url` fills List-Unsubscribe and, being
    HTTPS or loopback, List-Unsubscribe-Post (RFC 8058).
    """

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


class RefusalKind(StrEnum):
    """Whose fault a refusal is: the only thing that suppression and pause look at (CNS-3)."""

    MAILBOX = "mailbox"  # unknown or disabled: the address is suppressed
    POLICY = "policy"  # content, reputation, DKIM, blocked sender: the sender is paused
    OTHER = "other"  # full mailbox, size, syntax, anything unclear: only this message ends


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message over. `receipt` is its own word for it, for support cases."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said no, and surely did not take it. `permanent` false: try again later."""

    permanent: bool
    kind: RefusalKind
    detail: str  # the provider's own words, e.g. "550 5.1.1 no such user"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether it was taken over: never sent again (promise 2)."""

    detail: str


Fate = Accepted | Refused | Unknown


class EmailChannel(Protocol):
    """A provider of e-mail."""

    name: str
    in_flight: int  # how many messages may be on the wire at one instant: the most a kill can leave unknown

    def send(self, batch: Sequence[OutgoingEmail], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; one fate each, in order. Unreachable provider: Refused(permanent=False)."""
        ...

    def close(self) -> None:
        """Give back kept connections."""
        ...
