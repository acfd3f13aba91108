"""A mailbox among the channels: it brings mails in and takes none over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ripresa.channels.mailbox.imap import MailboxAway, open_folder
from ripresa.channels.mailbox.imap_settings import ImapSettings
from ripresa.contracts.calling.asking import Tried
from ripresa.contracts.calling.sayings import said_by, say
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

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Sign in and open the folder; see CanBeTried."""
        if self.imap is None:
            return Tried(True, say("mails are handed to us: nothing to sign in to"))
        try:
            with open_folder(self.imap, timeout):
                pass
        except MailboxAway as away:
            return Tried(is_good=False, found=said_by(away))
        found = say(
            "{host} lets {user} in, and opens {folder}",
            host=self.imap.host,
            user=self.imap.user,
            folder=self.imap.folder,
        )
        return Tried(True, found)

    def close(self) -> None:
        """Nothing is open."""
