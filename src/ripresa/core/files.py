"""Files that survive a crash of the machine."""

import os
import secrets
from pathlib import Path


def write_durably(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Replace `path` as a whole: a reader, or a crash, finds the old text or the new one."""
    making = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # Never more open than it will be, not even while it is written.
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(os.fsencode(text))
            file.flush()
            os.fsync(file.fileno())
        making.chmod(mode)
        making.replace(path)
    except OSError:
        making.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make created and renamed entries of `folder` survive a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
