"""The system user the server runs as. PostgreSQL refuses to run as root, and rightly so.

An ordinary user runs it as himself. Root runs it as `ripresa-pg`, a system user that owns nothing
but the database, or as the owner of data that already exist.
"""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from ripresa.core.embedded.problems import EmbeddedError

SYSTEM_USER = "ripresa-pg"
# Another installation may hold the lock of /etc/passwd for a moment.
_USERADD_ATTEMPTS = 20
_ELSEWHERE = "Run Ripresa as an ordinary user, or set DATABASE_URL to a PostgreSQL 16 or later."


class ProcessOptions(TypedDict, total=False):
    """The part of subprocess's arguments that says who runs a program."""

    user: int
    group: int
    extra_groups: list[str | int]


@dataclass(frozen=True, slots=True)
class Account:
    """A system user. `is_other`: root acts on behalf of this user."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def process_options(self) -> ProcessOptions:
        """What to pass to subprocess so that a program runs as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches files in `folder`: every parent has to let it pass."""
        return self._succeeds('cd -- "$1"', folder)

    def can_run(self, program: Path) -> bool:
        """Whether this user may execute `program`."""
        return self._succeeds('test -x "$1"', program)

    def give(self, path: Path) -> None:
        """Make this user the owner of `path`, which root has just made for it."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def _succeeds(self, test: str, path: Path) -> bool:
        # Asked by trying: mode bits alone know nothing of ACLs and mount options.
        try:
            answer = subprocess.run(  # noqa: S603
                ("/bin/sh", "-c", test, "sh", path),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                **self.process_options(),
            )
        except PermissionError:
            raise EmbeddedError(
                f"This root user may not act as the user {self.name}, and PostgreSQL refuses to "
                "run as root. " + _ELSEWHERE
            ) from None
        return answer.returncode == 0


def find_account(data: Path) -> Account:
    """Who runs the server of `data`: the owner of the folder, or whoever would make it.

    Raises EmbeddedError if this process can't act for that user.
    """
    me = os.geteuid()
    try:
        owner = data.stat().st_uid
    except FileNotFoundError:
        return _account(me) if me else _system_account()
    if me not in {0, owner}:
        raise EmbeddedError(
            f"The database in {data} belongs to {_name_of(owner)}. Run Ripresa as that user, or "
            "set another RIPRESA_HOME."
        )
    return _account(owner)


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"The user id {uid} has no name on this machine (no line in /etc/passwd), and "
            "PostgreSQL refuses "
            "to run without one. Add a user with this id, or set DATABASE_URL to a PostgreSQL 16 "
            "or later."
        ) from None
    return Account(entry.pw_name, uid, entry.pw_gid, is_other=os.geteuid() != uid)


def _name_of(uid: int) -> str:
    try:
        return f"the user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"the user id {uid}"


def _system_account() -> Account:
    for _ in range(_USERADD_ATTEMPTS):
        try:
            return _account(pwd.getpwnam(SYSTEM_USER).pw_uid)
        except KeyError:
            said = _add_system_user()
            time.sleep(0.1)
    raise EmbeddedError(
        f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} can't be made: "
        f"{said}. " + _ELSEWHERE
    )


def _add_system_user() -> str:
    """Try to make the user; return what useradd said. Whether it worked shows in the user list."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return "there is no program useradd"
    done = subprocess.run(  # noqa: S603
        (
            *(
                program,
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
            ),
            *("--shell", "/usr/sbin/nologin", "--comment", "Ripresa database", SYSTEM_USER),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip()
