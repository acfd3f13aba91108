"""Configuration: read once from the environment, typed, and refused loudly.

Technical settings are few and live here; everything a merchant may change is in the database.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from ripresa.core.clock import WALL, Clock


class ConfigError(Exception):
    """A setting is wrong; the message names it, its value and what would be right."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the environment says. `database_url` None: the embedded PostgreSQL under `home`."""

    home: Path
    database_url: str | None = field(repr=False)
    public_url: str
    short_url: str  # of links in short messages
    host: str
    port: int
    smtp_url: str = field(repr=False)
    # Where mail is handed to us (LMTP), or `fetch`; none: no mail is taken in.
    mailbox: str | None
    secret_key: str = field(repr=False)
    # What providers' secrets are sealed with, the newest first; none: the file in `home`.
    secret_keys: tuple[str, ...] = field(repr=False)
    trust_proxy: bool
    clock: Clock

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read `env`. Raises ConfigError for the first setting that is wrong."""
        home = home_folder(env)
        host, port = _bind(env.get("RIPRESA_BIND", "127.0.0.1:8000"))
        public_url = _web_address(
            "RIPRESA_PUBLIC_URL", env.get("RIPRESA_PUBLIC_URL") or f"http://localhost:{port}"
        )
        return cls(
            home=home,
            database_url=env.get("DATABASE_URL") or None,
            public_url=public_url,
            short_url=_web_address("RIPRESA_SHORT_URL", env.get("RIPRESA_SHORT_URL") or public_url),
            host=host,
            port=port,
            smtp_url=env.get("RIPRESA_SMTP_URL", "smtp://localhost:25?tls=none"),
            mailbox=env.get("RIPRESA_MAILBOX") or None,
            secret_key=env.get("RIPRESA_SECRET_KEY") or _secret_of(home),
            secret_keys=tuple(env.get("RIPRESA_SECRET_KEYS", "").replace(",", " ").split()),
            trust_proxy=_flag(env, "RIPRESA_TRUST_PROXY"),
            clock=_clock(env.get("RIPRESA_CLOCK")),
        )


def home_folder(env: Mapping[str, str] = os.environ) -> Path:
    """RIPRESA_HOME, or its default, as an absolute path: known even where other settings are wrong."""
    return Path(env.get("RIPRESA_HOME") or "~/.ripresa").expanduser().absolute()


def load() -> Config:
    """The configuration of this process."""
    return Config.from_env(os.environ)


def named_home() -> Path | None:
    """RIPRESA_HOME as an absolute path, if it is set: the demo has another default than the rest."""
    text = os.environ.get("RIPRESA_HOME")
    return Path(text).expanduser().absolute() if text else None


def legal_bases_file() -> Path | None:
    """The file with this installation's own legal bases, if there is one."""
    text = os.environ.get("RIPRESA_LEGAL_BASES")
    return Path(text).expanduser().absolute() if text else None


def internal_hosts() -> frozenset[str]:
    """Hosts of the own network that providers may be found at: names or addresses, lower-case."""
    text = os.environ.get("RIPRESA_INTERNAL_HOSTS", "")
    return frozenset(host.strip().lower() for host in text.split(",") if host.strip())


def dns_server() -> str | None:
    """RIPRESA_DNS: the resolver to ask, HOST or HOST:PORT; None: what the machine uses."""
    return os.environ.get("RIPRESA_DNS") or None


def dkim_key() -> str | None:
    """RIPRESA_DKIM: what signs mails of the install's own mail server, as NAME-IN-THE-DNS=FILE."""
    return os.environ.get("RIPRESA_DKIM") or None


def metrics_token() -> str | None:
    """RIPRESA_METRICS_TOKEN: who shows it is told how the install stands; None: nobody is."""
    return os.environ.get("RIPRESA_METRICS_TOKEN") or None


def provider_secret(name: str) -> str | None:
    """RIPRESA_PROVIDER_<NAME>: a provider's secret setting, for a command that is to store it."""
    return os.environ.get(f"RIPRESA_PROVIDER_{name.upper()}")


# What `hand_down` replaced: None where there was nothing.
_AS_FOUND: dict[str, str | None] = {}


def hand_down(**values: str) -> None:
    """Set settings for the rest of this process: what one start-up step found out for the next."""
    for name in values:
        _AS_FOUND.setdefault(name, os.environ.get(name))
    os.environ.update(values)


def environment_as_found() -> dict[str, str]:
    """The environment before `hand_down`: what a process of ours is to start from, as we did."""
    found = {**os.environ, **_AS_FOUND}
    return {name: value for name, value in found.items() if value is not None}


def _bind(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004
        raise ConfigError(f"RIPRESA_BIND must look like 127.0.0.1:8000, not {text!r}")
    return host.strip("[]"), int(port)


def _web_address(name: str, text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ConfigError(f"{name} must be an http(s) address, not {text!r}")
    return text.rstrip("/")


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "no").lower()
    if text not in {"yes", "no"}:
        raise ConfigError(f"{name} must be yes or no, not {text!r}")
    return text == "yes"


def _clock(text: str | None) -> Clock:
    if not text:
        return WALL
    try:
        return Clock.parse(text)
    except ValueError as wrong:
        raise ConfigError(f"RIPRESA_CLOCK is not a clock: {wrong}") from None


def _secret_of(home: Path) -> str:
    """The secret of this home, made at its first use: links in mails must outlive a restart."""
    path = home / "secret"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as problem:
        raise ConfigError(f"RIPRESA_HOME {home} can't be written: {problem.strerror}") from None
    # A neighbour may have created the file a moment ago and not have written it yet.
    text = path.read_text().strip()
    if not text:
        raise ConfigError(f"{path} is empty: delete it and start again")
    return text
