"""What nobody foresaw: a plain sentence for whoever is there, the details in a file for who mends it."""

import os
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path

from ripresa.core import config
from ripresa.core.clock import WALL

EXIT_CODE = 70  # "internal software error" (sysexits.h)


def tell(trouble: Exception) -> str:
    """Write down what happened and return what to say; never raises.

    The file is for its owner's eyes alone: what an error quotes may be personal.
    """
    what = f"something went wrong that Ripresa did not foresee ({type(trouble).__name__})."
    try:
        path = _write_down(trouble)
    except OSError as refused:
        shown = "".join(traceback.format_exception(trouble)).rstrip()
        return f"{what} It could not be written to a file ({refused.strerror}), so here it is:\n{shown}"
    return (
        f"{what} Try once more; if it happens again, send {path} to whoever looks after this install, "
        "or report it with that file."
    )


def _write_down(trouble: Exception) -> Path:
    """Raises OSError if neither the home nor the temporary folder takes a file."""
    name = f"crash-{WALL.now():%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    text = f"Ripresa {version('ripresa')}\n{''.join(traceback.format_exception(trouble))}"
    try:
        folder = config.home_folder() / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder / name, text)
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder to expand `~` to
        return _write(Path(tempfile.gettempdir()) / f"ripresa-{name}", text)


def _write(path: Path, text: str) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return path
