"""The file with an install's secret keys, `secret-keys` in RIPRESA_HOME: one a line, newest first."""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from ripresa.core.config import ConfigError
from ripresa.core.files import write_durably

NAME = "secret-keys"
# The newest seals. The one before it still opens: somebody may be sealing while we rotate.
KEPT = 2
_OWNER_ONLY = 0o600


def read(home: Path) -> list[str]:
    """The keys, the newest first; the first one is made where there is none. Raises ConfigError."""
    path = home / NAME
    try:
        if not path.exists():
            _make(path)
        keys = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} can't be read or made: {problem}") from None
    if not keys:
        raise ConfigError(f"{path} is empty: put the key back that stood in it")
    return keys


def add(home: Path) -> None:
    """A new key in front of those there are; all of them open."""
    _write(home / NAME, [new_key(), *read(home)])


def forget_old(home: Path) -> None:
    """Keep the newest KEPT keys. Call it when everything is sealed with the newest."""
    _write(home / NAME, read(home)[:KEPT])


def new_key() -> str:
    """32 random bytes as Fernet writes them."""
    return Fernet.generate_key().decode()


def _make(path: Path) -> None:
    # Linked into place whole: of two processes that start at once, one wins and both read its key.
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
        file.write(f"{new_key()}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            path.hardlink_to(making)
    finally:
        making.unlink(missing_ok=True)


def _write(path: Path, keys: list[str]) -> None:
    write_durably(path, "".join(f"{key}\n" for key in keys), mode=_OWNER_ONLY)
