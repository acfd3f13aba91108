"""What of a change is told: what differs, in brief, without secrets and without addresses of people."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

LONGEST = 200
HIDDEN = "•••"
_SECRET = re.compile(r"secret|password|token|credential|(^|_)key$|digest", re.IGNORECASE)
_MAILBOX = re.compile(r"[^\s@<>,;]+@(?=[^\s@])")


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides of what changed, as the log keeps them. A side lacks what it did not have."""
    names = [
        name
        for name in {**before, **after}
        if (name in before) != (name in after) or before.get(name) != after.get(name)
    ]
    return (
        {name: _brief(name, before[name]) for name in names if name in before},
        {name: _brief(name, after[name]) for name in names if name in after},
    )


def _brief(name: str, value: Any) -> Any:
    if value is not None and _SECRET.search(name):
        return HIDDEN
    return _plain(value)


def _plain(value: Any) -> Any:
    """A value as JSON holds it, in brief; the name of a mailbox is hidden, its domain is not."""
    match value:
        case None | bool() | int():
            return value
        case Mapping():
            return {str(name): _brief(str(name), each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case timedelta():
            return f"{value.total_seconds():g} s"
        case datetime() | date():
            return value.isoformat()
        case _:
            text = _MAILBOX.sub("…@", str(value))
            return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
