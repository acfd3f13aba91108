"""The channel: a mail service's API, a few calls at a time."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from anymail.exceptions import AnymailError
from django.utils.module_loading import import_string

from ripresa.channels.anymail.fates import fate_of_error, fate_of_status
from ripresa.channels.anymail.message import CannotCompose, anymail_message
from ripresa.channels.anymail.service import Service, Settings
from ripresa.channels.anymail.transport import Transport, session
from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible, passing
from ripresa.contracts.calling.pacing import Pace
from ripresa.contracts.calling.sayings import laid_out, said_by, say
from ripresa.contracts.channel import Fate, OutgoingEmail
from ripresa.contracts.provider import BadSettings
from ripresa.core.config import internal_hosts
from ripresa.core.http.client import HttpClient

MAX_CONNECTIONS = 64
MAX_RATE = 10_000
LEAST_SECONDS = 0.5  # what a service is given to answer


class AnymailChannel:
    """E-mail through one account of a mail service; a `Channel` of mails. Not to be used after `close`."""

    is_real = True

    def __init__(self, service: Service, settings: Settings) -> None:
        """Connects when the first mail is sent. Raises BadSettings."""
        self.name = service.name
        self.in_flight = _number(settings, "connections", 1, MAX_CONNECTIONS)
        self._pace = Pace(_number(settings, "rate", 0, MAX_RATE))
        self._pacing = threading.Lock()
        self._service = service
        self._settings = settings
        self._client = HttpClient(connections=self.in_flight, internal_hosts=internal_hosts())
        self._mine = threading.local()  # a backend of anymail's is for one thread
        self._carriers = Carriers(
            self._carry, in_flight=self.in_flight, is_idempotent=False, name=service.name
        )
        self._spare = [self._make_backend()]  # made now, for wrong settings must be told now

    def send(self, batch: Sequence[OutgoingEmail], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def close(self) -> None:
        """Wait for mails on the wire, then give back kept connections."""
        self._carriers.close()
        self._client.close()

    def _carry(self, mail: OutgoingEmail, deadline: float) -> Fate:
        if not self._has_turn_before(deadline):
            return passing("the rate of this account leaves no time for this mail")
        backend, transport = self._backend()
        transport.deadline = deadline
        try:
            message = anymail_message(mail, self._service)
            backend.send_messages([message])
        except CannotCompose as error:
            return impossible(str(error))
        except AnymailError as error:
            return fate_of_error(error)
        return fate_of_status(message.anymail_status)

    def _has_turn_before(self, deadline: float) -> bool:
        """Wait for this mail's turn. False: it comes too late for the mail to be answered in time."""
        with self._pacing:
            now = time.monotonic()
            wait = self._pace.wait(now)
            if now + wait > deadline - LEAST_SECONDS:
                return False
            self._pace.note(now)
        time.sleep(wait)
        return True

    def _backend(self) -> tuple[Any, Transport]:
        if not hasattr(self._mine, "pair"):
            try:
                self._mine.pair = self._spare.pop()
            except IndexError:
                self._mine.pair = self._make_backend()
        pair: tuple[Any, Transport] = self._mine.pair
        return pair

    def _make_backend(self) -> tuple[Any, Transport]:
        """Anymail's client of the service, with calls of ours under it. Raises BadSettings."""
        transport = Transport(self._client)
        try:
            backend = import_string(self._service.backend)(
                **self._service.backend_options(self._settings)
            )
            if hasattr(backend, "session"):
                backend.session = session(transport)
            else:
                backend.open()  # Amazon's client makes its calls itself, and looks at the region
        except ValueError as error:
            raise BadSettings(
                laid_out("{service}: {error}", service=self._service.label, error=said_by(error))
            ) from error
        return backend, transport


def _number(settings: Settings, name: str, least: int, most: int) -> int:
    text = settings[name]
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSettings(
            say(
                "{name} must be a whole number from {least} to {most}",
                name=name,
                least=least,
                most=most,
            )
        )
    return int(text)
