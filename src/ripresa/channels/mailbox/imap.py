"""Mail fetched from a mailbox: IMAP (RFC 9051, 3501) by imapclient.

Nothing is deleted, and nothing marked as read: what was fetched is known by its UID. A folder that is
numbered anew (UIDVALIDITY) is read from its beginning; whoever stores the mails knows them again.
"""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import NamedTuple

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from ripresa.channels.mailbox.imap_settings import ImapSettings

MOST_BYTES = 25 << 20
_BATCH = 20
_CONNECT_SECONDS = 15.0


class MailboxAway(Exception):
    """The mailbox can't be read just now; the message says why."""


class Fetched(NamedTuple):
    """A mail with its number. `raw` None: it is too large to be read."""

    uid: int
    raw: bytes | None


class Folder:
    """An open folder."""

    def __init__(self, client: IMAPClient, settings: ImapSettings) -> None:
        self._client = client
        self._settings = settings
        selected = client.select_folder(settings.folder, readonly=not settings.move_to)
        self.uid_validity = int(selected[b"UIDVALIDITY"])

    def newer_than(self, uid: int) -> Iterator[list[Fetched]]:
        """Batches of mails with higher numbers, the oldest first. Raises MailboxAway."""
        with _as_away():
            # `n:*` holds the newest mail even where its number is lower (RFC 9051, 6.4.8).
            found = sorted(one for one in self._client.search(["UID", f"{uid + 1}:*"]) if one > uid)
        for start in range(0, len(found), _BATCH):
            with _as_away():
                batch = self._fetch(found[start : start + _BATCH])
            yield batch

    def put_away(self, uids: Sequence[int]) -> None:
        """Move mails to the folder for what was read, if one is set. Raises MailboxAway."""
        if not self._settings.move_to or not uids:
            return
        with _as_away():
            if not self._client.folder_exists(self._settings.move_to):
                self._client.create_folder(self._settings.move_to)
            self._client.move(list(uids), self._settings.move_to)

    def _fetch(self, uids: Sequence[int]) -> list[Fetched]:
        sizes = self._client.fetch(uids, ["RFC822.SIZE"])
        small = [uid for uid in uids if sizes.get(uid, {}).get(b"RFC822.SIZE", 0) <= MOST_BYTES]
        # PEEK: whoever reads the mailbox beside us still sees what is new to him.
        bodies = self._client.fetch(small, ["BODY.PEEK[]"]) if small else {}
        return [Fetched(uid, bodies.get(uid, {}).get(b"BODY[]")) for uid in uids if uid in sizes]


@contextmanager
def open_folder(settings: ImapSettings, timeout: timedelta) -> Iterator[Folder]:
    """The mailbox, signed in and with its folder open. Raises MailboxAway."""
    with _as_away():
        client = _connect(settings, timeout)
    try:
        with _as_away():
            client.login(settings.user, settings.password)
            folder = Folder(client, settings)
        yield folder
    finally:
        _leave(client)


def _connect(settings: ImapSettings, timeout: timedelta) -> IMAPClient:
    context = ssl.create_default_context()
    client = IMAPClient(
        settings.host,
        port=settings.port,
        ssl=settings.tls == "yes",
        ssl_context=context if settings.tls == "yes" else None,
        timeout=SocketTimeout(connect=_CONNECT_SECONDS, read=timeout.total_seconds()),
    )
    if settings.tls == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            _leave(client)
            raise
    return client


def _leave(client: IMAPClient) -> None:
    with suppress(OSError, IMAPClientError, ValueError):  # it is gone already
        client.logout()


@contextmanager
def _as_away() -> Iterator[None]:
    try:
        yield
    except (OSError, IMAPClientError, ValueError, KeyError) as trouble:
        raise MailboxAway(str(trouble) or type(trouble).__name__) from None
