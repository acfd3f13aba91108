"""The server's settings: what it may use, who may connect, what a crash may cost."""

import os
from pathlib import Path

from ripresa.core.embedded.account import Account
from ripresa.core.embedded.place import PORT, Place
from ripresa.core.files import write_durably

# The role the program works as, and its database. It is no superuser: an injected statement can't
# reach files or programs. OWNER_ROLE is used once, to make the two.
ROLE = "ripresa"
DATABASE = "ripresa"
OWNER_ROLE = "postgres"

_MEGABYTE = 1 << 20
_CONTAINER_MEMORY = Path("/sys/fs/cgroup/memory.max")

_FIXED = """\
# Written by Ripresa at every start. Your own settings go into local.conf, and win.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
# Three processes hash at once, each in twice this: fits the 64 MB of a container's /dev/shm.
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 2GB
min_wal_size = 128MB
wal_compression = on
# With 2 GB of log at most, recovery after a crash takes minutes at worst.
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# Start-up reads the log to say in plain words what is wrong: so the log speaks English.
lc_messages = 'C'
log_line_prefix = '%m [%p] '
log_startup_progress_interval = 2s
# Statements and details carry names and addresses of people; the program logs its own errors.
log_min_error_statement = panic
log_error_verbosity = terse
"""
_NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def write_settings(place: Place, account: Account, socket_folder: str) -> None:
    """Write postgresql.conf, pg_hba.conf and pg_ident.conf into the base of `place`."""
    hba, ident = place.base / "pg_hba.conf", place.base / "pg_ident.conf"
    lines = [
        _FIXED,
        f"port = {PORT}\n",
        f"shared_buffers = {_shared_buffers_megabytes()}MB\n",
        f"cluster_name = 'ripresa {place.id}'\n",
        # A list of folders: one level of quotes for the list, one for the value.
        f"unix_socket_directories = {_quoted(_listed(socket_folder))}\n",
        f"hba_file = {_quoted(str(hba))}\n",
        f"ident_file = {_quoted(str(ident))}\n",
        "" if place.durable else _NOT_DURABLE,
        "include = 'local.conf'\n",
    ]
    write_durably(hba, "# Written by Ripresa at every start.\nlocal all all peer map=ripresa\n")
    write_durably(ident, _identities(account))
    write_durably(place.settings, "".join(lines))
    own = place.base / "local.conf"
    if not own.exists():
        write_durably(
            own, "# Settings of your own, as in postgresql.conf. Ripresa never changes this file.\n"
        )


def _identities(account: Account) -> str:
    """The server's user and root may connect, nobody else: root reads the files anyway."""
    users = sorted({account.name, "root"})
    lines = [f'ripresa "{user}" {role}\n' for user in users for role in (ROLE, OWNER_ROLE)]
    return "# Written by Ripresa at every start.\n" + "".join(lines)


def _shared_buffers_megabytes() -> int:
    """An eighth of the memory of this machine or container, from 64 MB to 1 GB."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = int(_CONTAINER_MEMORY.read_text())
    except (OSError, ValueError):  # no container, or one that may have all there is ("max")
        limit = memory
    return min(max(min(memory, limit) // 8 // _MEGABYTE, 64), 1024)


def _listed(folder: str) -> str:
    return '"' + folder.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
