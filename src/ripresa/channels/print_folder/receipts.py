"""What the merchant gives back: the list of a batch, moved to `posted/` when its letters are posted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ripresa.contracts.feedback import Feedback, FeedbackKind

POSTED = "posted"
READ = "read"


def read_receipts(folder: Path) -> Iterator[tuple[Path, list[Feedback]]]:
    """Each list that lies in `posted/`, with what it says; a file that can't be read is left there.

    It says that a letter was handed to the post, at the instant at which the file was changed. Letters
    that were taken out of the list were not posted.
    """
    for path in sorted((folder / POSTED).glob("*.json")):
        try:
            # When it was moved there; what it was written at is older.
            moved_at = datetime.fromtimestamp(path.stat().st_ctime, UTC)
            told = [_feedback(row, moved_at) for row in json.loads(path.read_bytes())["letters"]]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield path, told


def put_away(path: Path) -> None:
    """Move a list that was taken down to `posted/read/`."""
    read = path.parent / READ
    read.mkdir(exist_ok=True)
    path.replace(read / path.name)


def _feedback(row: dict[str, Any], at: datetime) -> Feedback:
    key = str(row["key"])
    return Feedback(
        FeedbackKind.DELIVERED, f"posted {key}", at, message_key=key, detail="handed to the post"
    )
