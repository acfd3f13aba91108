"""Asking a shop: one kind of trouble that passes, one that somebody has to mend."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.shops.clocks import note_answer
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.core.clock import WALL
from ripresa.core.http.client import Answer, Call, Fields, HttpClient, NoAnswer, NotAsked

_SECONDS = 30.0  # for one call
# A worker waits for one shop only so long, for others have mails due; the rest is asked in a later round.
LONGEST_WAIT = 2.0
_TRIES = 4
_OK = frozenset({200, 201})
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_SAID_IN = ("message", "ErrorMessage", "Message", "errors", "error")
_MOST_WORDS = 300


class ShopClient:
    """A shop's API. Waits a little where it says that it is asked too often; all else is for the caller.

    `until`, an instant of `time.monotonic`, ends all calls; None: each has its own time.
    """

    def __init__(self, http: HttpClient, until: float | None = None) -> None:
        self._http = http
        self._until = until

    def get(self, url: str, query: Fields, headers: Mapping[str, str]) -> Any:
        """The JSON behind `url`, fractions as Decimal. Raises ShopAway, NotLetIn."""
        return self.read(url, query, headers)[0]

    def read(
        self, url: str, query: Fields, headers: Mapping[str, str]
    ) -> tuple[Any, Mapping[str, str]]:
        """The same, and the answer's headers, names in lower case: some shops count their pages there."""
        answer = self.ask(Call.get(url, query, headers))
        return _json(url, answer), answer.headers

    def find(self, url: str, query: Fields, headers: Mapping[str, str]) -> Any:
        """The same; None where the shop has no such thing (404)."""
        answer = self.ask(Call.get(url, query, headers))
        return None if answer.status == _NOT_FOUND else _json(url, answer)

    def post(self, url: str, value: Any, headers: Mapping[str, str]) -> Any:
        """The JSON that answers a value posted as JSON, fractions as Decimal. Raises ShopAway, NotLetIn.

        Where no answer came nobody can tell whether it was carried out.
        """
        return _json(url, self.ask(Call.json(url, value, headers)))

    def save(self, url: str, into: BinaryIO, *, most: int) -> None:
        """Write what is behind `url` into a file, at most so many bytes. Raises ShopAway."""
        host = urlsplit(url).netloc
        try:
            answer = self._http.save(Call.get(url), into, most=most, deadline=self._deadline())
        except (NotAsked, NoAnswer) as trouble:
            raise _silent(host, trouble) from None
        if answer.status not in _OK:
            raise ShopAway(say("{host} says {status}", host=host, status=answer.status))

    def wait(self, seconds: float) -> bool:
        """Wait for the shop; False, at once: nobody can wait for so long."""
        # Not a number is too long as well.
        if not seconds <= LONGEST_WAIT or time.monotonic() + seconds > self._deadline():
            return False
        time.sleep(seconds)
        return True

    def ask(self, call: Call) -> Answer:
        """What the shop says, whatever that is. Raises ShopAway."""
        host = urlsplit(call.url).netloc
        for _ in range(_TRIES):
            try:
                answer = self._http.ask(call, deadline=self._deadline())
            except (NotAsked, NoAnswer) as trouble:
                raise _silent(host, trouble) from None
            note_answer(answer.headers, WALL.now())
            if answer.status != _TOO_MANY:
                return answer
            if not self.wait(_wait(answer)):
                break
        raise ShopAway(say("{host} says that it is asked too often", host=host))

    def _deadline(self) -> float:
        own = time.monotonic() + _SECONDS
        return own if self._until is None else min(own, self._until)


@contextmanager
def asking(url: str, *, within: timedelta | None = None) -> Iterator[ShopClient]:
    """A client for the shop at `url`; all it asks, it asks `within` that time.

    A shop on this machine may be asked without TLS, for a trial.
    """
    host = urlsplit(url).hostname or ""
    http = HttpClient(connections=1, internal_hosts=[host] if host in _OWN else [])
    try:
        yield ShopClient(
            http, None if within is None else time.monotonic() + within.total_seconds()
        )
    finally:
        http.close()


_OWN = frozenset({"localhost", "127.0.0.1"})


def _wait(answer: Answer) -> float:
    try:
        return max(float(answer.headers.get("retry-after", "1")), 0.0)
    except ValueError:
        return 1.0


def _silent(host: str, trouble: NotAsked | NoAnswer) -> ShopAway:
    """Nothing, or nothing whole, came back; in what way is for whoever looks after the network."""
    return ShopAway(say("{host} gives no answer: {why}", host=host, why=said_by(trouble)))


def _json(url: str, answer: Answer) -> Any:
    host = urlsplit(url).netloc
    if answer.status in {_UNAUTHORISED, _FORBIDDEN}:
        said = _words(answer) or say("check the keys and what they may read")
        raise NotLetIn(
            say("{host} says {status}: {said}", host=host, status=answer.status, said=said)
        )
    if answer.status not in _OK:
        said = _words(answer)
        if said:
            raise ShopAway(
                say("{host} says {status}: {said}", host=host, status=answer.status, said=said)
            )
        raise ShopAway(say("{host} says {status}", host=host, status=answer.status))
    try:
        return answer.json()
    except ValueError:
        raise ShopAway(say("{host} answers with something that is not JSON", host=host)) from None


def _words(answer: Answer) -> str:
    """What the shop itself says about its refusal, if it says it in JSON as most do."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    some = [told.get(name) for name in _SAID_IN] if isinstance(told, dict) else []
    return next((one.strip()[:_MOST_WORDS] for one in some if isinstance(one, str)), "")
