"""Instants as they are typed."""

from datetime import datetime

from ripresa.entrypoints.cli.problem import Problem


def read_instant(option: str, text: str) -> datetime:
    """An instant with its zone. Raises Problem, which names the option."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Problem(
            f"{option} must be an instant with its zone, like 2026-10-03T15:00:00Z, not {text!r}"
        )
    return instant
