"""One kept connection, one mail after another (RFC 5321 3.3 and 4.1.4; pipelining by RFC 2920).

What may be said of a mail when the connection breaks hangs on one byte, the last of the final dot:
a server that has not seen it must not deliver, one that has may have taken the mail over.
"""

import contextlib
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Self

from ripresa.channels.smtp.mime import LaidOutMail
from ripresa.channels.smtp.opening import open_wire, passing
from ripresa.channels.smtp.refusals import Stage, refusal
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.channels.smtp.wire import SHUTTING_DOWN, ConnectionBroken, Reply, Wire
from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown

_FAREWELL_SECONDS = 0.5


# Gives the next mail for the same connection, if there is one.
Ahead = Callable[[], LaidOutMail | None]


def nobody_ahead() -> None:
    """There is no next mail."""


class LostBeforeContent(Exception):
    """The connection broke before the server asked for the content: surely not taken over."""


class Session:
    """A connection that takes mails, used by one thread at a time."""

    def __init__(self, wire: Wire, offers: Mapping[str, str]) -> None:
        self._wire = wire
        self._offers = offers
        self._is_pipelining = "PIPELINING" in offers
        self._told_ahead = False
        self.is_open = True
        self.mails = 0  # answered on this connection
        self.used_at = time.monotonic()

    @classmethod
    def open(
        cls, settings: SmtpSettings, context: ssl.SSLContext | None, *, deadline: float
    ) -> Self:
        """Connect and log in. Raises CannotOpen."""
        wire, offers = open_wire(settings, context, deadline=deadline)
        return cls(wire, offers)

    def hand_over(self, mail: LaidOutMail, *, deadline: float, ahead: Ahead = nobody_ahead) -> Fate:
        """Offer `mail` and, if asked, send it. Raises LostBeforeContent.

        `ahead` is asked for the next mail as this one's content goes out: a server that takes commands
        in advance is told its sender and recipient in the same breath, and the next call has to be
        for that mail.
        """
        if not self.can_carry(mail):
            words = "the mail server takes only plain letters before the @ (it lacks SMTPUTF8)"
            return Refused(permanent=True, kind=RefusalKind.OTHER, detail=words)
        is_told, self._told_ahead = self._told_ahead, False
        if not is_told and not self._wire.is_quiet():
            self.close()
            raise LostBeforeContent("the server closed the connection, or spoke unasked")
        try:
            refused = self._offer(mail, deadline, is_told=is_told)
        except ConnectionBroken as error:
            self.close()
            raise LostBeforeContent(str(error)) from error
        fate = refused or self._send_content(mail, deadline, ahead)
        self.mails += 1
        self.used_at = time.monotonic()
        return fate

    def can_carry(self, mail: LaidOutMail) -> bool:
        """Whether the server takes addresses such as this mail's."""
        return not mail.needs_smtputf8 or "SMTPUTF8" in self._offers

    def quit(self) -> None:
        """Take leave as RFC 5321 4.1.1.10 asks, but do not wait long for the answer."""
        if self.is_open:
            deadline = time.monotonic() + _FAREWELL_SECONDS
            try:
                self._wire.write(b"QUIT\r\n", deadline=deadline)
                self._wire.read_reply(deadline=deadline)
            except ConnectionBroken:
                pass  # gone already: what was to be said is said
            self.close()

    def close(self) -> None:
        """Drop the connection at once."""
        self.is_open = False
        self._wire.close()

    def _offer(self, mail: LaidOutMail, deadline: float, *, is_told: bool) -> Refused | None:
        """Name sender and recipient and ask to send; None: the server waits for the content.

        `is_told`: the server has the commands already, only its answers are to be read.
        """
        commands = self._commands(mail)
        if self._is_pipelining and not is_told:
            self._wire.write(b"".join(commands.values()), deadline=deadline)
        for asked, (stage, command) in enumerate(commands.items(), start=1):
            if not self._is_pipelining:
                self._wire.write(command, deadline=deadline)
            reply = self._wire.read_reply(deadline=deadline)
            if reply.is_refusal:
                unread = len(commands) - asked if self._is_pipelining else 0
                self._recover(reply, deadline, unread=unread)
                return refusal(stage, reply)
            if reply.is_positive is (stage is Stage.CONTENT):
                raise ConnectionBroken(f"the server answered {stage.value} with {reply}")
        return None

    def _commands(self, mail: LaidOutMail) -> Mapping[Stage, bytes]:
        parameters = f" SIZE={len(mail.content)}" if "SIZE" in self._offers else ""
        if mail.needs_smtputf8:
            parameters += " BODY=8BITMIME SMTPUTF8"  # the second requires the first (RFC 6531 3.1)
        return {
            Stage.SENDER: f"MAIL FROM:<{mail.sender}>{parameters}\r\n".encode(),
            Stage.RECIPIENT: f"RCPT TO:<{mail.recipient}>\r\n".encode(),
            Stage.CONTENT: b"DATA\r\n",
        }

    def _send_content(self, mail: LaidOutMail, deadline: float, ahead: Ahead) -> Fate:
        if self._wire.has_unread():
            self.close()
            return passing("the server answered the content before it was sent")
        stuffed = mail.content.replace(b"\r\n.", b"\r\n..")  # RFC 5321 4.5.2
        try:
            self._wire.write(stuffed + b".\r\n", deadline=deadline)
        except ConnectionBroken as error:
            self.close()
            return passing(f"the connection was lost before the mail's end: {error}")
        self._tell_ahead(ahead, deadline)
        try:
            reply = self._wire.read_reply(deadline=deadline)
        except ConnectionBroken as error:
            self.close()
            return Unknown(f"the mail was sent, but its answer was lost: {error}")
        if reply.is_positive:
            return Accepted(str(reply))
        if reply.is_refusal:
            self._recover(reply, deadline)
            return refusal(Stage.CONTENT, reply)
        self.close()
        return Unknown(f"the mail was sent, but the answer means nothing: {reply}")

    def _tell_ahead(self, ahead: Ahead, deadline: float) -> None:
        """Name the next mail before this one is answered (RFC 2920 3.1): it saves a round trip a mail.

        What goes wrong here is met again when this mail's answer is read, or the next one's.
        """
        if not self._is_pipelining or (mail := ahead()) is None:
            return
        self._told_ahead = True
        with contextlib.suppress(ConnectionBroken):
            self._wire.write(b"".join(self._commands(mail).values()), deadline=deadline)

    def _recover(self, latest: Reply, deadline: float, *, unread: int = 0) -> None:
        """After a refusal: a clean slate for the next mail, or no connection."""
        if self._told_ahead and latest.code != SHUTTING_DOWN:
            return  # the next mail's commands are on their way, and MAIL begins anew by itself
        try:
            while unread and latest.code != SHUTTING_DOWN:
                latest = self._wire.read_reply(deadline=deadline)
                unread -= 1
            # A server that refused, and yet waits for content, gets none: not even a lone dot.
            if latest.is_refusal and latest.code != SHUTTING_DOWN:
                self._wire.write(b"RSET\r\n", deadline=deadline)
                if self._wire.read_reply(deadline=deadline).is_positive:
                    return
        except ConnectionBroken:
            pass  # the refusal stands; only the connection is lost
        self.close()
