"""Where the embedded database of a home is kept.

    <home>/postgres/place.json   what this folder is, and where the files are: our marker
    <base>/data                  PostgreSQL's data directory; belongs to the server's user
    <base>/*.lock                the locks of the protocol (see `database`)
    <base>/*.conf                settings, rewritten at every start, except local.conf
    <base>/s-<id>                the socket, if the path is short enough
    <base>/server.log            what the server said

The base is `<home>/postgres` itself, unless root runs Ripresa in a home that the server's own user
can't enter (/root, for one). Then it is a folder in /var/lib/ripresa, and place.json names it.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ripresa.core.embedded.account import Account, find_account
from ripresa.core.embedded.binaries import STATE_ROOT, make_state_root
from ripresa.core.embedded.problems import EmbeddedError
from ripresa.core.files import write_durably
from ripresa.core.locks import FileLock

PORT = 5432
# struct sockaddr_un has 108 bytes for a path, the last of which is NUL.
MAX_SOCKET_BYTES = 107

# TMPDIR may be long, or closed to the server's user.
_SHORT = Path("/tmp")  # noqa: S108  (the folder made in it is checked to be private)
_MARKER = "place.json"
_FIRST_LOCK = "place.lock"


@dataclass(frozen=True, slots=True)
class Place:
    """One home's database. `elsewhere` is the base when it is not in the home.

    `durable` False: a crash of the machine may lose data; for tests only, fixed when the place is
    made. `is_complete`: initdb ran to its end and our role and database exist.
    """

    home: Path
    id: str
    durable: bool
    elsewhere: Path | None = None
    has_data: bool = False
    is_complete: bool = False

    @property
    def base(self) -> Path:
        """The folder of all files of the server."""
        return self.elsewhere or _desk(self.home)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """What the server writes to its standard error."""
        return self.base / "server.log"

    @property
    def settings(self) -> Path:
        """The settings file the server is started with."""
        return self.base / "postgresql.conf"

    @property
    def start_lock(self) -> Path:
        """Held while anything about the server changes."""
        return self.base / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by everyone who uses the server."""
        return self.base / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the postmaster and each of its children."""
        return self.base / "server.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper."""
        return self.base / "keeper.lock"


def find_place(home: Path) -> Place | None:
    """Read the marker of `home`; None if no database was ever made there."""
    marker = _desk(home) / _MARKER
    try:
        content = json.loads(marker.read_text())
        elsewhere = content["elsewhere"]
        return Place(
            home=home,
            id=content["id"],
            durable=content["durable"],
            elsewhere=Path(elsewhere) if elsewhere else None,
            has_data=content["has_data"],
            is_complete=content["is_complete"],
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise EmbeddedError(
            f"{marker} is damaged. If the folder {marker.parent / 'data'} is there, restore the "
            "file from a copy; "
            "if not, delete it and start again."
        ) from None


def open_place(home: Path, *, durable: bool) -> Place:
    """The place of `home`; makes it (without data) at first use. Safe against other starters."""
    if not str(home).isprintable():
        raise EmbeddedError(
            f"RIPRESA_HOME {str(home)!r} has a line break or the like in its name; use another one."
        )
    desk = _desk(home)
    home.mkdir(parents=True, exist_ok=True)
    _make_folder(desk)
    with FileLock(desk / _FIRST_LOCK) as lock:
        lock.wait_exclusive()
        place = find_place(home) or _make_place(home, durable=durable)
        lock.unlock()
    if place.durable is not durable:
        raise EmbeddedError(
            f"The database in {place.base} was made {'with' if place.durable else 'without'} "
            "protection against a crash of the machine and is now asked for "
            f"{'with' if durable else 'without'} it. Use another home."
        )
    if not place.base.is_dir():
        raise EmbeddedError(
            f"The database of {home} is kept in {place.base}, and that folder is missing. Bring it "
            "back, or delete "
            f"{desk / _MARKER} to begin with an empty database."
        )
    return place


def note(place: Place, *, is_complete: bool = False) -> Place:
    """Record in the marker, durably, that there are data, and whether all is in them."""
    changed = replace(place, has_data=True, is_complete=is_complete)
    _write_marker(changed)
    return changed


def _write_marker(place: Place) -> None:
    content = asdict(place)
    del content["home"]
    content["elsewhere"] = str(place.elsewhere) if place.elsewhere else None
    content["what"] = "The embedded database of Ripresa. Do not edit or move single files of it."
    write_durably(_desk(place.home) / _MARKER, json.dumps(content, indent=1) + "\n")


def socket_folder(place: Place, account: Account) -> Path:
    """A folder only the server's user (and root) can enter, its path short enough for a socket.

    In the base if possible, else in the temporary folder; always the same one, unless a stranger
    has taken it.
    """
    # The id keeps a server whose home was deleted and made anew while it ran from removing the
    # socket of its successor when it ends.
    inside = place.base / f"s-{place.id}"
    fits = len(os.fsencode(_socket(inside))) <= MAX_SOCKET_BYTES
    # A comma separates hosts for libpq, so such a path can't be connected to.
    if fits and "," not in str(inside):
        candidates = [inside]
    else:
        usual = _SHORT / f"ripresa-{place.id}"
        candidates = [usual, usual.with_name(f"{usual.name}-{secrets.token_hex(4)}")]
    for folder in candidates:
        if _make_private(folder, account):
            return folder
    raise EmbeddedError(
        f"{candidates[0]} belongs to somebody else; move it away, then start again."
    )


def remove_short_folder(folder: Path, place: Place) -> None:
    """Remove the socket's folder after the server has stopped, if it is ours outside the base."""
    if folder.parent == _SHORT and folder.name.startswith(f"ripresa-{place.id}"):
        with suppress(OSError):
            folder.rmdir()


def _desk(home: Path) -> Path:
    return home / "postgres"


def _socket(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def _make_place(home: Path, *, durable: bool) -> Place:
    desk = _desk(home)
    strangers = sorted(path.name for path in desk.iterdir() if not _is_ours(path.name))
    if strangers:
        raise EmbeddedError(
            f"{desk} was not made by Ripresa (it holds {', '.join(strangers[:3])}). Move it away, "
            "or set another "
            "RIPRESA_HOME."
        )
    place = Place(home=home, id=secrets.token_hex(4), durable=durable)
    account = find_account(place.data)
    if account.is_other and not account.can_enter(desk):
        make_state_root()
        place = replace(place, elsewhere=STATE_ROOT / place.id)
        _make_folder(place.base)
        write_durably(place.base / "home.txt", f"The embedded database of Ripresa in {home}\n")
    _write_marker(place)
    return place


def _is_ours(name: str) -> bool:
    """Whether an interrupted first start may have left a file of this name."""
    return name == _FIRST_LOCK or name.startswith(f".{_MARKER}.")


def _make_folder(folder: Path) -> None:
    """Make a folder of ours. A server that runs as another user has to pass through it."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    if os.geteuid() == 0:
        folder.chmod(0o711)


def _make_private(folder: Path, account: Account) -> bool:
    """Make or check a folder of mode 0700 that belongs to `account`; False if a stranger has it."""
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        pass
    facts = folder.lstat()
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and facts.st_uid == account.uid
        and not facts.st_mode & 0o077
    )
