"""Where and how to speak SMTP: `smtp://user:password@host:587?tls=starttls&connections=4`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ripresa.channels.smtp.addresses import BadAddress, ascii_domain
from ripresa.contracts.calling.gate import Limits
from ripresa.contracts.calling.sayings import said_by, say

MAX_CONNECTIONS = 64
MAX_MAILS_PER_CONNECTION = 100_000
MAX_IDLE_SECONDS = 600
MAX_AHEAD = 64
MAX_RATE = 10_000
_CHOICES = (
    "tls",
    "connections",
    "ahead",
    "rate",
    "domain_connections",
    "domain_rate",
    "mails_per_connection",
    "idle_seconds",
    "ca_file",
)


class BadSmtpUrl(ValueError):
    """The address of the mail server cannot be used; the message says why, without the password."""


class Tls(StrEnum):
    """How the connection is encrypted. Certificates are always checked."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


# Underscores are no part of host names, but container networks give them out.
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_PORTS = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.IMPLICIT: 465}


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server, and how many connections to keep to it.

    `ahead` mails a connection are marked as leaving at once: each mark is a commit, and a kill between it
    and the wire leaves as many of unknown fate. A connection carries at most `mails_per_connection` mails
    and is not used again once it has been idle for `idle_seconds`. `rate` and `domain_rate` bound mails a
    second, in all and for one receiving domain (0: no bound); `domain_connections` how many connections one
    receiving domain may have (0: all but one). `ca_file` (PEM) is trusted instead of
    the machine's certificates.
    """

    host: str
    port: int
    tls: Tls = Tls.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 4
    ahead: int = 8
    rate: int = 0
    domain_connections: int = 0
    domain_rate: int = 0
    mails_per_connection: int = 200
    idle_seconds: int = 60
    ca_file: Path | None = None

    @property
    def limits(self) -> Limits:
        """How fast, and how much of it for one receiving domain."""
        most = self.domain_connections or max(1, self.connections - 1)
        return Limits(most, self.rate, self.domain_rate)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read a URL. Raises BadSmtpUrl.

        `smtps://` means TLS from the first byte, `smtp://` STARTTLS unless `tls=none` is said: mail
        and password travel in clear only where someone asked for that.
        """
        parts = _split(url)
        choices = _choices(parts.query)
        tls = _tls(parts.scheme, choices)
        user, password = _credentials(parts)
        return cls(
            host=_host(parts),
            port=_port(parts) or _PORTS[tls],
            tls=tls,
            user=user,
            password=password,
            connections=_number(choices, "connections", 4, MAX_CONNECTIONS),
            ahead=_number(choices, "ahead", 8, MAX_AHEAD),
            rate=_number(choices, "rate", 0, MAX_RATE),
            domain_connections=_number(choices, "domain_connections", 0, MAX_CONNECTIONS),
            domain_rate=_number(choices, "domain_rate", 0, MAX_RATE),
            mails_per_connection=_number(
                choices, "mails_per_connection", 200, MAX_MAILS_PER_CONNECTION
            ),
            idle_seconds=_number(choices, "idle_seconds", 60, MAX_IDLE_SECONDS),
            ca_file=_ca_file(choices),
        )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadSmtpUrl(
            say("the mail server's URL cannot be read: look at its brackets")
        ) from error
    if parts.scheme not in ("smtp", "smtps"):
        raise BadSmtpUrl(say("the mail server's URL must begin with smtp:// or smtps://"))
    if parts.path not in ("", "/") or parts.fragment or "@" in parts.query:
        raise BadSmtpUrl(
            say(
                "the mail server's URL has something after its host; in a user name or "
                "password write / as %2F, # as %23, ? as %3F, @ as %40, : as %3A"
            )
        )
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        host = host if host.isascii() else ascii_domain(host)
    except BadAddress as error:
        raise BadSmtpUrl(
            say("the mail server's host cannot be used: {error}", error=said_by(error))
        ) from error
    if not _HOST.fullmatch(host):
        raise BadSmtpUrl(say("the mail server's URL names no host: smtp://user:password@HOST:587"))
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError as error:
        raise BadSmtpUrl(say("the mail server's port must be a number from 1 to 65535")) from error
    if port == 0:
        raise BadSmtpUrl(say("the mail server's port must be a number from 1 to 65535"))
    return port


def _credentials(parts: SplitResult) -> tuple[str, str]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise BadSmtpUrl(say("the mail server's URL needs both user and password, or neither"))
    if "\0" in user + password:
        raise BadSmtpUrl(say("user and password of the mail server must not hold %00"))
    return user, password


def _choices(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    choices = dict(pairs)
    if unknown := sorted(set(choices) - set(_CHOICES)):
        raise BadSmtpUrl(
            say(
                "unknown option {unknown!r}: there are {known}",
                unknown=unknown[0],
                known=", ".join(_CHOICES),
            )
        )
    if len(choices) < len(pairs):
        raise BadSmtpUrl(say("an option stands twice in the mail server's URL"))
    return choices


def _tls(scheme: str, choices: Mapping[str, str]) -> Tls:
    said = choices.get("tls", Tls.IMPLICIT if scheme == "smtps" else Tls.STARTTLS)
    if said not in set(Tls):
        raise BadSmtpUrl(
            say("tls must be one of {known}, not {said!r}", known=", ".join(Tls), said=said)
        )
    if scheme == "smtps" and said != Tls.IMPLICIT:
        raise BadSmtpUrl(
            say("smtps:// is TLS from the first byte: it cannot have tls={said}", said=said)
        )
    return Tls(said)


def _number(choices: Mapping[str, str], name: str, default: int, most: int) -> int:
    if name not in choices:
        return default
    text = choices[name]
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise BadSmtpUrl(
            say(
                "{name} must be a whole number from 1 to {most}, not {text!r}",
                name=name,
                most=most,
                text=text[:20],
            )
        )
    return int(text)


def _ca_file(choices: Mapping[str, str]) -> Path | None:
    if "ca_file" not in choices:
        return None
    path = Path(choices["ca_file"])
    if not path.is_file():
        raise BadSmtpUrl(say("ca_file: there is no file {path}", path=path))
    return path
