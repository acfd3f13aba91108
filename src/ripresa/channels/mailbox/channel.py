"""A mailbox among the channels: it brings mails in and takes none over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ripresa.channels.mailbox.imap_settings import ImapSettings
from ripresa.contracts.channel import Fate, Outgoing, RefusalKind, Refused


@dataclass
class MailboxChannel:
    """An open mailbox. `imap` None: mails are handed to us."""

    imap: ImapSettings | None = None
    name = "mailbox"
    is_real = True
    in_flight = 1

    def send(self, batch: Sequence[Outgoing], *, timeout: timedelta) -> list[Fate]:  # noqa: ARG002
        """Nothing leaves by a mailbox."""
        refused = Refused(permanent=True, kind=RefusalKind.OTHER, detail="a mailbox sends nothing")
        return [refused for _ in batch]

    def close(self) -> None:
        """Nothing is open."""
