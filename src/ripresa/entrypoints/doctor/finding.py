"""What a check found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names what was looked at, `found` says what is there, `advice` what to do about it."""

    check: str
    level: Level
    found: str
    advice: str = ""
