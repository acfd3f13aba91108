"""The channel: a few kept connections that share a batch between them."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from ripresa.channels.smtp.dkim import Signer
from ripresa.channels.smtp.mime import CannotLayOut, LaidOutMail, lay_out
from ripresa.channels.smtp.opening import CannotOpen, passing, tls_context
from ripresa.channels.smtp.session import LostBeforeContent, Session
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.channels.smtp.turn import Turn
from ripresa.contracts.calling.asking import Tried
from ripresa.contracts.calling.gate import Gate
from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.channel import Fate, OutgoingEmail, RefusalKind, Refused, Unknown

logger = logging.getLogger(__name__)


class SmtpChannel:
    """E-mail through one mail server; a `Channel` of mails. Not to be used after `close`."""

    name = "smtp"
    is_real = True

    def __init__(self, settings: SmtpSettings, signer: Signer | None = None) -> None:
        """Connects when the first mail is sent. Raises BadSmtpUrl for a `ca_file` without one.

        `signer`: what puts a DKIM signature on every mail; None: the mail server does, or nobody.
        """
        self.in_flight = settings.connections * settings.ahead
        self._settings = settings
        self._signer = signer
        self._gate = Gate(settings.limits)
        self._context = tls_context(settings)
        # As many threads as connections, however many callers: so never more mails on the wire.
        self._threads = ThreadPoolExecutor(settings.connections, thread_name_prefix="smtp")
        self._idle: list[Session] = []
        self._lock = threading.Lock()

    def send(self, batch: Sequence[OutgoingEmail], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        if not batch:
            return []
        started = time.monotonic()
        seconds = timeout.total_seconds()
        carriers = min(self._settings.connections, len(batch))
        turn = Turn(
            batch,
            self._gate,
            begin_until=started + seconds / 2,
            deadline=started + seconds,
            carriers=carriers,
        )
        for _ in range(carriers):
            self._threads.submit(self._carry, turn)
        return turn.fates()

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Connect, encrypt, greet, log in and take leave; see CanBeTried."""
        deadline = time.monotonic() + timeout.total_seconds()
        try:
            session = Session.open(self._settings, self._context, deadline=deadline)
        except CannotOpen as no:
            return Tried(is_good=False, found=said_by(no))
        session.quit()
        server, user = f"{self._settings.host}:{self._settings.port}", self._settings.user
        if user:
            return Tried(
                True, say("{server} answers, and lets {user} in", server=server, user=user)
            )
        return Tried(True, say("{server} answers", server=server))

    def close(self) -> None:
        """Wait for mails on the wire, then take leave of the server."""
        self._threads.shutdown()
        with self._lock:
            sessions, self._idle = self._idle, []
        for session in sessions:
            session.quit()

    def _carry(self, turn: Turn) -> None:
        """The life of one thread in a turn: a connection, and mails until none waits."""
        trouble: Refused | None = None
        session: Session | None = None
        told: _InHand | None = None  # a mail that the server has been told of ahead
        try:
            while trouble is None and (told or turn.has_waiting()):
                session = session or self._connect(turn)
                told, trouble = self._carry_one(turn, session, told)
                session = self._fit_for_another(session)
        except CannotOpen as error:
            trouble = error.refused
        except Exception as error:
            # Unforeseen, so a developer must look. The mail on the wire, if any, ends as unknown.
            logger.exception("a thread of the SMTP channel failed")
            trouble = passing(f"an error of this program, see the log: {type(error).__name__}")
            if session is not None:
                session.close()
        finally:
            if session is not None and session.is_open:
                self._keep(session)
            turn.leave(trouble)

    def _carry_one(
        self, turn: Turn, session: Session, told: "_InHand | None"
    ) -> "tuple[_InHand | None, Refused | None]":
        """Carry a mail, that of which the server was told or the next one that may begin.

        Returns the mail of which it was told meanwhile, if any, and, if this thread should stop, why.
        A server that takes content and does not answer, or drops a new connection at its first
        mail, would do so to the next as well; the rest is safer in the queue than half sent.
        """
        if told is not None and not turn.begin(told.place):
            _let_go(turn, session, told)
            return None, None
        mail = told or self.take(turn, turn.take)
        if mail is None:
            return None, None
        following = _Following(self, turn, session, mail.place)
        is_fresh = session.mails == 0
        try:
            fate = session.hand_over(mail.laid_out, deadline=turn.deadline, ahead=following.take)
        except LostBeforeContent as lost:
            if not is_fresh:
                turn.put_back(mail.place)  # a kept connection that died between mails: a new one
                return None, None
            fate = passing(str(lost))
        except Exception:
            turn.drop(mail.place)
            _let_go(turn, session, following.taken)
            raise
        turn.settle(mail.place, fate)
        trouble = _trouble_after(fate, session, is_fresh=is_fresh)
        if trouble is not None or not session.is_open:
            _let_go(turn, session, following.taken)
            return None, trouble
        return following.taken, None

    def take(
        self, turn: Turn, take: Callable[[], tuple[int, OutgoingEmail] | None]
    ) -> "_InHand | None":
        """The next mail that can be laid out; the fate of those that can't is settled."""
        while (taken := take()) is not None:
            place, mail = taken
            try:
                return _InHand(place, self._laid_out(mail))
            except CannotLayOut as error:
                words = str(error)
                turn.settle(place, Refused(permanent=True, kind=RefusalKind.OTHER, detail=words))
            except Exception:
                turn.drop(place)
                raise
        return None

    def _laid_out(self, mail: OutgoingEmail) -> LaidOutMail:
        laid_out = lay_out(mail)
        return laid_out if self._signer is None else self._signed(mail, laid_out, self._signer)

    def _signed(self, mail: OutgoingEmail, laid_out: LaidOutMail, signer: Signer) -> LaidOutMail:
        content = signer.sign(laid_out.content, at_epoch=mail.sent_at_epoch)
        return replace(laid_out, content=content)

    def _connect(self, turn: Turn) -> Session:
        """A kept connection, unless it was idle for too long, or a new one. Raises CannotOpen."""
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            if session is None:
                return Session.open(self._settings, self._context, deadline=turn.begin_until)
            if time.monotonic() - session.used_at < self._settings.idle_seconds:
                return session
            session.quit()

    def has_room(self, session: Session) -> bool:
        """Whether a connection may carry another mail after the one it is carrying."""
        return session.mails + 1 < self._settings.mails_per_connection

    def _fit_for_another(self, session: Session) -> Session | None:
        if session.is_open and session.mails >= self._settings.mails_per_connection:
            session.quit()
        return session if session.is_open else None

    def _keep(self, session: Session) -> None:
        with self._lock:
            self._idle.append(session)


class _InHand(NamedTuple):
    """A mail that a thread has taken, and its place in the batch."""

    place: int
    laid_out: LaidOutMail


class _Following:
    """The mail after the one on the wire, taken only when a connection has use for it."""

    def __init__(self, channel: SmtpChannel, turn: Turn, session: Session, place: int) -> None:
        self.taken: _InHand | None = None
        self._place = place
        self._channel = channel
        self._turn = turn
        self._session = session

    def take(self) -> LaidOutMail | None:
        """The next mail for the same connection, if there is one."""
        if not self._channel.has_room(self._session):
            return None
        mail = self._channel.take(self._turn, partial(self._turn.take_ahead, self._place))
        if mail is None:
            return None
        if not self._session.can_carry(mail.laid_out):
            self._turn.put_back(mail.place)
            return None
        self.taken = mail
        return mail.laid_out


def _let_go(turn: Turn, session: Session, told: _InHand | None) -> None:
    """A mail of which the server was told does not come: the connection is of no more use."""
    if told is not None:
        turn.put_back(told.place)
        session.close()


def _trouble_after(fate: Fate, session: Session, *, is_fresh: bool) -> Refused | None:
    """Why a thread should stop after a mail met its fate; None: it should go on."""
    match fate:
        case Unknown(detail):
            return passing(f"stopped, for another mail's fate is unknown: {detail}")
        case Refused(permanent=False, detail=detail) if is_fresh and not session.is_open:
            return passing(f"stopped after another mail lost its connection: {detail}")
        case _:
            return None
