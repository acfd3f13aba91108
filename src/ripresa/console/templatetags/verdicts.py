"""Means and intervals of hold-outs and tests: no whole cents, so they are told rounded to what money has."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils.translation import gettext as _

from ripresa.console.layout.writing import in_words, locale
from ripresa.console.templatetags.console import decimal, share
from ripresa.domain.scenarios.durations import Duration

register = template.Library()
# Less than half a cent below nought is nought, not "-0.00".
_NOUGHT = Decimal("0.005")


@register.simple_tag
def mean(value: float | str, currency: str) -> str:
    """A mean of money, or a sum in major units, as people write it."""
    exact = Decimal(str(value))
    near = Decimal(0) if abs(exact) < _NOUGHT else exact
    return str(format_currency(near, currency, locale=locale()))


@register.filter
def ends(found: Mapping[str, float | None]) -> tuple[float, float] | None:
    """Lower and upper of an estimate; None where they are not known yet."""
    lower, upper = found["lower"], found["upper"]
    return None if lower is None or upper is None else (lower, upper)


@register.simple_tag
def means_between(bounds: Sequence[float] | None, currency: str) -> str:
    """An interval of means of money."""
    return _between(None if bounds is None else [mean(one, currency) for one in bounds])


@register.filter
def shares_between(bounds: Sequence[float] | None) -> str:
    """An interval of shares."""
    return _between(None if bounds is None else [share(one) for one in bounds])


@register.filter
def numbers_between(bounds: Sequence[float] | None) -> str:
    """An interval of counts."""
    return _between(None if bounds is None else [decimal(one) for one in bounds])


@register.filter
def long(span: timedelta) -> str:
    """A span of time as people say it: 1 day 12 hours."""
    return in_words(Duration(seconds=int(span.total_seconds())))


def _between(told: Sequence[str] | None) -> str:
    return _("not known yet") if told is None else " … ".join(told)
