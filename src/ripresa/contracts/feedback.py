"""What is heard of a message after its hand-over: one closed vocabulary for every provider.

A provider's own words become `Feedback` in its folder under `channels/`; what follows from it
(suppression, pause, stop, figures) is decided by the use case from these values alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ripresa.contracts.channel import RefusalKind


class FeedbackKind(StrEnum):
    """What happened. The first five are states of the delivery, in the order in which they follow."""

    ACCEPTED = "accepted"  # on its way: queued, sent on, in print
    DELAYED = "delayed"  # a passing trouble; the provider goes on trying
    DELIVERED = "delivered"  # in the mailbox, on the phone, handed to the post
    BOUNCED = "bounced"  # will not arrive, or came back: see `reason` and `is_permanent`
    CANCELLED = "cancelled"  # taken back before it left
    COMPLAINED = "complained"  # marked as spam
    UNSUBSCRIBED = "unsubscribed"  # STOP by SMS, a provider's own unsubscribe, postal opt-out
    SUBSCRIBED = "subscribed"  # START by SMS: kept as a fact, grants nothing by itself
    OPENED = "opened"
    CLICKED = "clicked"
    AGREED = "agreed"  # a yes by SMS: what was asked of that number is confirmed, if anything was
    ASKED_HELP = "asked_help"  # HELP by SMS: who writes, and how it ends
    REPLIED = "replied"  # a person wrote back
    AUTO_REPLIED = "auto_replied"  # vacation and the like: means nothing
    OTHER = "other"  # kept, nothing follows


class BounceReason(StrEnum):
    """Why it did not arrive. `kind` is all that suppression and pause look at (CNS-3)."""

    UNKNOWN = "unknown"  # no such mailbox, number, domain or address
    DISABLED = "disabled"  # closed, suspended, moved away
    FULL = "full"  # over quota
    POLICY = "policy"  # reputation, authentication, blocked sender: 5.7.x and the like
    CONTENT = "content"  # these words, this size, this format
    CREDIT = "credit"  # the account has no money left
    EXPIRED = "expired"  # tried for too long
    NETWORK = "network"  # the other side is away, slow or broken
    OPTED_OUT = "opted_out"  # the provider keeps an opt-out of this recipient
    UNCLEAR = "unclear"

    @property
    def kind(self) -> RefusalKind:
        """Whose fault it is."""
        match self:
            case BounceReason.UNKNOWN | BounceReason.DISABLED:
                return RefusalKind.MAILBOX
            case BounceReason.POLICY:
                return RefusalKind.POLICY
            case BounceReason.CREDIT:
                return RefusalKind.CREDIT
            case _:
                return RefusalKind.OTHER


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A mail as it came in by way of a provider, and the address of ours that it came to."""

    recipient: str
    # Its parts may be divided by other lines each time: the event's id says whether it is the same mail.
    raw: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing heard of one message.

    `event_id` is the same whenever the same thing is told again, and at most 200 characters long.
    The message is found by `message_key` (ours, as the channel was given it) or, failing that, by
    `receipt` (the provider's, as `Accepted.receipt`); `recipient` is the address it speaks of.
    `occurred_at` is aware UTC. `detail` is in the provider's own words; `text` is what a person
    wrote back. `url`, `user_agent` and `ip` are those of an open or a click, raw. With `mail` it is taken
    in like any other mail that comes back, and what it is decided there.
    """

    kind: FeedbackKind
    event_id: str
    occurred_at: datetime
    message_key: str | None = None
    receipt: str | None = None
    recipient: str | None = None
    reason: BounceReason | None = None
    is_permanent: bool = False
    detail: str = ""
    text: str = ""
    url: str = ""
    user_agent: str = ""
    ip: str = ""
    mail: InboundMail | None = None


class HookRefused(Exception):
    """A provider's call that is not believed (signature, age) or can't be read; the message says why."""


# Where providers call us: this path and a signed id (core/signed_ids.py) of the account, of this purpose.
HOOK_PATH = "/hooks/feedback/"
HOOK_PURPOSE = "hook"

# Where tracked links and pictures of mails lead, each followed by a signed id of the message;
# a click by the number of the link as well.
CLICK_PATH, CLICK_PURPOSE = "/c/", "click"
OPEN_PATH, OPEN_PURPOSE = "/o/", "open"
# Our own tracking, as a source of feedback; what stands in `detail` where nobody was shown anything.
TRACKING = "tracking"
PROBES = ("head", "prefetch")


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A call of a provider as it came in. `url` is the public one; `headers` have lower-case names."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HookReply:
    """What the provider wants to hear once its call is stored."""

    status: int = 200
    content_type: str = "text/plain"
    body: bytes = b""


class FeedbackReader(Protocol):
    """Makes feedback of a provider's calls. Pure: it asks nobody and remembers nothing."""

    reply: HookReply

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells, in its order. Raises HookRefused."""
        ...
