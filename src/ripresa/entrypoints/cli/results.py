"""What `--json` prints, for programs."""

import json
from datetime import date


def json_text(told: object, *, indent: int | None = None) -> str:
    """A result as JSON: instants and days as in ISO 8601, ids and sums as text."""
    return json.dumps(told, ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
