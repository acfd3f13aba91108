"""One HTTP client for all who call providers.

What makes it safe to hand over messages by: no redirects, certificates always checked, no plain HTTP
but to hosts that were named as internal, answers of bounded size, one deadline for a whole call, and
two errors that tell whether the other side can have heard of it.
"""

import base64
import json
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import urlencode, urlsplit

import httpcore

from ripresa.core.http.network import DEADLINE, ForbiddenPlace, GuardedNetwork
from ripresa.core.words.patterned import Patterned

MAX_ANSWER_BYTES = 4 * 1024 * 1024
# Kept short: a server that closes an idle connection just as a call begins leaves its fate unknown.
KEEP_SECONDS = 5.0
CONNECT_SECONDS = 10.0

_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_OK = 200
Fields = Mapping[str, str] | Sequence[tuple[str, str]]
_Read = Callable[[httpcore.Response], bytes]


class NotAsked(Patterned):
    """The other side surely never heard of it. `needs_mending`: and never will, until someone acts."""

    def __init__(self, pattern: str, *, needs_mending: bool = False, **facts: object) -> None:
        super().__init__(pattern, **facts)
        self.needs_mending = needs_mending


class NoAnswer(Patterned):
    """The call went out and no whole answer came back: nobody can tell whether it was carried out."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to go. `repr` shows neither headers nor body: secrets travel in them."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @classmethod
    def get(cls, url: str, query: Fields = (), headers: Mapping[str, str] | None = None) -> Self:
        """GET; `query` is added to the address."""
        where = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}" if query else url
        return cls("GET", where, headers or {})

    @classmethod
    def form(cls, url: str, fields: Fields, headers: Mapping[str, str] | None = None) -> Self:
        """POST a form in UTF-8."""
        body = urlencode(fields).encode()
        return cls("POST", url, {**(headers or {}), "content-type": _FORM}, body)

    @classmethod
    def json(cls, url: str, value: Any, headers: Mapping[str, str] | None = None) -> Self:
        """POST a value as JSON."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return cls("POST", url, {**(headers or {}), "content-type": "application/json"}, body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole. `headers` have lower-case names; a repeated one is joined by commas."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8; what is none is replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, fractions as Decimal: some are money. Raises ValueError."""
        return json.loads(self.body, parse_float=Decimal)


def basic(user: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic authentication (RFC 7617), in UTF-8."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


def bearer(token: str) -> dict[str, str]:
    """The header of a bearer token (RFC 6750)."""
    return {"authorization": f"Bearer {token}"}


@cache
def _machines_own() -> ssl.SSLContext:
    """What the machine trusts. Read once a process: more than a hundred certificates, 15 ms and more."""
    return ssl.create_default_context()


class HttpClient:
    """Calls over a few kept connections. Safe to use from several threads; not after `close`."""

    def __init__(
        self,
        *,
        connections: int = 4,
        internal_hosts: Iterable[str] = (),
        ca_file: Path | None = None,
    ) -> None:
        """At most `connections` at once; `ca_file` (PEM) is trusted instead of the machine's own.

        `internal_hosts` may lie in the own network and be spoken to without TLS. Raises OSError for
        a `ca_file` that holds no certificate.
        """
        self._internal_hosts = frozenset(host.lower() for host in internal_hosts)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_machines_own()
            if ca_file is None
            else ssl.create_default_context(cafile=ca_file),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=KEEP_SECONDS,
            network_backend=GuardedNetwork(self._internal_hosts),
        )

    def ask(self, call: Call, *, deadline: float, only_first: int | None = None) -> Answer:
        """Make `call`, whole, before `deadline` (an instant of `time.monotonic`).

        Any status is an answer, a redirect too. Raises NotAsked, NoAnswer. Only the look-up of a name
        may outlast the deadline, by what the machine's resolver allows itself. `only_first`: so many bytes
        of the answer are enough, and the rest is not waited for.
        """
        if only_first is None:
            return self._carry(call, deadline, _bounded)
        return self._carry(call, deadline, lambda response: _first(response, only_first))

    def save(self, call: Call, into: BinaryIO, *, most: int, deadline: float) -> Answer:
        """As `ask`, but a body that comes with 200 is written into a file, at most `most` bytes of it."""

        def read(response: httpcore.Response) -> bytes:
            if response.status != _OK:
                return _bounded(response)
            into.writelines(_parts(response, most))
            return b""

        return self._carry(call, deadline, read)

    def _carry(self, call: Call, deadline: float, read: _Read) -> Answer:
        left = deadline - time.monotonic()
        if left <= 0:
            raise NotAsked("there was no time left for it")
        host = self._host(call.url)
        token = DEADLINE.set(deadline)
        try:
            return self._ask(call, left, read)
        except ForbiddenPlace as error:
            raise NotAsked(error.pattern, needs_mending=True, **error.facts) from error
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as error:
            raise _unreachable(host, error) from error
        except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
            raise NotAsked(
                "no call could be made of it: {why}", needs_mending=True, why=error
            ) from error
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            words = str(error) or type(error).__name__
            raise NoAnswer(
                "{host} was asked and gave no whole answer: {why}", host=host, why=words
            ) from error
        finally:
            DEADLINE.reset(token)

    def close(self) -> None:
        """Give back kept connections."""
        self._pool.close()

    def _ask(self, call: Call, left: float, read: _Read) -> Answer:
        limits = {"connect": min(left, CONNECT_SECONDS), "read": left, "write": left, "pool": left}
        headers = {
            "host": urlsplit(call.url).netloc.rpartition("@")[2],
            "user-agent": "Ripresa",
            "accept-encoding": "identity",
            **{name.lower(): value for name, value in call.headers.items()},
        }
        if call.body or call.method not in {"GET", "HEAD", "DELETE"}:
            headers["content-length"] = str(len(call.body))
        with self._pool.stream(
            call.method,
            call.url,
            headers=[(name.encode(), value.encode()) for name, value in headers.items()],
            content=call.body,
            extensions={"timeout": limits},
        ) as response:
            body = read(response)
            return Answer(response.status, _headers(response), body)

    def _host(self, url: str) -> str:
        """The host of `url`. Raises NotAsked for one that must not be called."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
            _ = parts.port
        except ValueError as error:
            raise NotAsked(
                "that is no address to call: {why}", needs_mending=True, why=error
            ) from None
        if parts.scheme not in {"https", "http"} or not host:
            raise NotAsked("only an http(s) address can be called", needs_mending=True)
        if parts.scheme == "http" and host not in self._internal_hosts:
            raise NotAsked(
                "{host} is not called without encryption; "
                "if it stands in your own network, name it in RIPRESA_INTERNAL_HOSTS",
                needs_mending=True,
                host=host,
            )
        return host


def _bounded(response: httpcore.Response) -> bytes:
    return b"".join(_parts(response, MAX_ANSWER_BYTES))


def _parts(response: httpcore.Response, most: int) -> Iterator[bytes]:
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > most:
            raise NoAnswer("the answer is larger than {most} bytes", most=most)
        yield part


def _first(response: httpcore.Response, count: int) -> bytes:
    parts, size = [], 0
    for part in response.iter_stream():
        parts.append(part)
        size += len(part)
        if size >= count:
            break
    return b"".join(parts)[:count]


def _headers(response: httpcore.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _unreachable(host: str, error: Exception) -> NotAsked:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotAsked(
                "the certificate of {host} can't be trusted: {why}",
                needs_mending=True,
                host=host,
                why=cause.verify_message,
            )
        cause = cause.__cause__ or cause.__context__
    return NotAsked(
        "{host} can't be reached: {why}", host=host, why=str(error) or type(error).__name__
    )
