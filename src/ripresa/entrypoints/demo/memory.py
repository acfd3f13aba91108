"""What the demo keeps in its home from one run to the next: keys, the login, order numbers, its time."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from ripresa.core.clock import Clock

SLUG = "bottega"
LOGIN = "demo@bottega.example"

_FILE = "demo.json"
# Written every few seconds, so this much of the fast clock may have passed unwritten.
_UNWRITTEN = timedelta(hours=1)


@dataclass(slots=True)
class Memory:
    """`shown` is the latest instant that the demo's clock is known to have shown."""

    path: Path
    secret_key: str = ""
    public_key: str = ""
    password: str = ""
    orders: int = 0
    shown: str = ""

    @classmethod
    def of(cls, home: Path) -> Self:
        """What is remembered in `home`; nothing, where it was forgotten or damaged."""
        path = home / _FILE
        try:
            return cls(path, **json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return cls(path)

    def clock(self, speed: float) -> Clock:
        """A clock at `speed` that shows the present, or later: time never goes back in one home."""
        clock = Clock.started_now(speed=speed)
        if self.shown:
            later = datetime.fromisoformat(self.shown).astimezone(UTC) + _UNWRITTEN
            return Clock(clock.real, max(clock.virtual, later), speed)
        return clock

    def next_order(self) -> int:
        """The number of one more order."""
        self.orders += 1
        return 1000 + self.orders

    def write(self, now: datetime) -> None:
        """Keep all of it, with what the clock shows `now`; for this user alone, for it has keys."""
        self.shown = now.isoformat()
        content = asdict(self)
        del content["path"]
        making = self.path.with_suffix(".making")
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file)
        making.replace(self.path)
