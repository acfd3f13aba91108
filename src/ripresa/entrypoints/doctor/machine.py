"""Checks of settings, home, disk and clocks."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from ripresa.core.clock import WALL
from ripresa.core.config import Config
from ripresa.core.pg import connect
from ripresa.entrypoints.doctor.finding import Finding, Level

LITTLE_SPACE_MEGABYTES = 1024
NO_SPACE_MEGABYTES = 200
SKEW_SECONDS = 2.0
WILD_SKEW_SECONDS = 60.0


def check_settings(config: Config) -> Iterator[Finding]:
    """What the environment says, and what of it does not fit together."""
    yield Finding("settings", "ok", f"listening on {config.host}:{config.port}")
    url = urlsplit(config.public_url)
    if is_this_machine(url.hostname or ""):
        yield Finding(
            "public address",
            "warn",
            f"{config.public_url}: links in mails work on this machine only",
            "set RIPRESA_PUBLIC_URL to the address that shoppers reach",
        )
    elif url.scheme == "http":
        yield Finding(
            "public address",
            "warn",
            f"{config.public_url} is not encrypted: logins and links can be read on the way",
            "put a reverse proxy with a certificate in front and use https://",
        )
    else:
        yield Finding("public address", "ok", config.public_url)
    if config.clock != WALL:
        yield Finding(
            "clock setting",
            "warn",
            f"RIPRESA_CLOCK is set: time runs {config.clock.speed:g} times as fast",
            "unset it anywhere but in a demonstration",
        )


def check_home(home: Path) -> Iterator[Finding]:
    """Whether the home can be written, and how much room there is."""
    try:
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as problem:
        yield Finding(
            "home",
            "fail",
            f"{home} can't be written: {problem.strerror}",
            "give it to the user who runs Ripresa, or set RIPRESA_HOME",
        )
        return
    free = shutil.disk_usage(home).free >> 20
    level: Level = "ok"
    if free < LITTLE_SPACE_MEGABYTES:
        level = "warn" if free >= NO_SPACE_MEGABYTES else "fail"
    advice = "" if level == "ok" else "make room: a full disk stops the embedded database"
    yield Finding("home", level, f"{home}, {free:,} MB free", advice)


def check_clock(url: str) -> Finding:
    """Whether the database's machine and this one agree on the time."""
    with connect(url, autocommit=True) as connection:
        before = WALL.now()
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        after = WALL.now()
    there: datetime = row[0].astimezone(UTC) if row else before
    # The database looked at its clock somewhere between the two.
    skew = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    found = f"the database's clock and this one differ by {skew:.1f} s"
    if skew <= SKEW_SECONDS:
        return Finding("clock", "ok", found)
    level: Level = "warn" if skew <= WILD_SKEW_SECONDS else "fail"
    return Finding("clock", level, found, "let NTP set both (timedatectl set-ntp true)")


def is_this_machine(host: str) -> bool:
    """Whether a host name or address is loopback."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
