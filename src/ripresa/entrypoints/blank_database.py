"""A database with our tables and nothing in them, kept on the server to be copied.

Laying the tables takes seconds, a copy a fraction of one: `ripresa simulate` and the tests begin with one.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

import django

import ripresa
from ripresa.core import config
from ripresa.core.throwaway import kept_template


def blank_database(url: str) -> str:
    """Its name on the server of `url`; nobody is connected to it. Raises DatabaseProblem.

    Made in a process of its own, for this one's Django is, or will be, at another database.
    """
    return kept_template(url, _version(), _lay_elsewhere)


def _version() -> str:
    """What the tables come from, in short: other migrations, another version."""
    digest = hashlib.sha256(django.__version__.encode())
    folder = Path(ripresa.__path__[0])
    for file in sorted(folder.glob("domain/*/migrations/*.py")):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _lay_elsewhere(dsn: str) -> None:
    subprocess.run(
        (sys.executable, "-m", "ripresa.entrypoints", "db", "migrate"),
        env={**config.environment_as_found(), "DATABASE_URL": dsn},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
