"""Fields of the settings' forms: what stands in the database, and what a person typed instead."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.forms import Field, Form, typed_duration

__all__ = ["UNITS", "Field", "Form", "show_span", "typed_span", "typed_whole"]

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
UNITS: Mapping[str, Promise | str] = {"m": _("minutes"), "h": _("hours"), "d": _("days")}
_MOST_DIGITS = 6


def show_span(form: Form, name: str, span: timedelta | None) -> Field:
    """A span of time as a number and the biggest unit that leaves no rest."""
    field = form.show(name, "")
    seconds = 0 if span is None else int(span.total_seconds())
    unit = next((unit for unit, size in _SECONDS.items() if seconds % size == 0), "m")
    field.unit = unit if seconds else "h"
    field.value = "" if span is None else str(seconds // _SECONDS[field.unit])
    return field


def typed_span(post: Mapping[str, str], name: str) -> timedelta | None:
    """What was typed as a number and a unit, or with its own: 36h, 2d12h; None: it is no span."""
    typed = typed_duration(post.get(name, "").strip(), post.get(f"{name}-unit", "h"))
    return None if typed is None or typed.months else timedelta(seconds=typed.seconds)


def typed_whole(post: Mapping[str, str], name: str) -> int | None:
    """A whole number that is not negative; None: something else was typed."""
    text = post.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
