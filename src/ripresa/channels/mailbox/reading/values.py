"""What the reading of one mail gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ripresa.contracts.feedback import BounceReason


class MailKind(StrEnum):
    """What a mail is taken for."""

    BOUNCE = "bounce"  # a mail system tells that a mail did not arrive, or not yet
    COMPLAINT = "complaint"  # a person marked a mail as spam, and her provider tells
    AUTO_REPLY = "auto_reply"  # a machine answered: vacation and the like
    OTHER = "other"  # a person's mail, a receipt, anything else


class Action(StrEnum):
    """What happened to a mail on its way to one address (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = (
        "delivered"  # relayed and expanded too: it left the part of the way that is reported
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a mail says of one address, before anything is concluded from it.

    `status` is an enhanced code (RFC 3463) or empty; `said` the words of the server that refused;
    `told` what the reporting system adds around them.
    """

    address: str
    action: Action = Action.FAILED
    status: str = ""
    said: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a mail tells of one address. `permanent`: the address itself is no good, and stays so.

    `status` is an enhanced code; x.0.0 where only its class is known; empty where nothing is.
    """

    address: str
    action: Action
    permanent: bool
    status: str
    reason: BounceReason | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail is, and of which addresses it speaks.

    `complaint` is the Feedback-Type of RFC 5965, or empty. `original` holds the headers of the mail
    that came back, names in lower case, as far as they were returned.
    """

    kind: MailKind
    heard: tuple[Heard, ...] = ()
    complaint: str = ""
    original: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
