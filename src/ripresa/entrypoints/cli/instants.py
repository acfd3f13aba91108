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


def read_until(name: str, text: str, now: datetime) -> datetime:
    """An instant to come: a span from now, like 2d, or the instant itself. Raises Problem."""
    from ripresa.domain.scenarios.durations import NotADuration, parse_duration

    try:
        return parse_duration(text).after(now)
    except NotADuration as wrong:
        if "T" not in text:
            raise Problem(f"{wrong}, or as an instant like 2026-10-03T15:00:00Z") from None
    return read_instant(name, text)
