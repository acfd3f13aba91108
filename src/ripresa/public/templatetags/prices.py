"""Prices and texts in templates."""

from collections.abc import Mapping

from django import template

from ripresa.core.money import Money

register = template.Library()


@register.simple_tag
def price(minor: int, currency: str, language: str) -> str:
    """`minor` units of `currency` as readers of `language` write it."""
    return Money(minor, currency).text(language) if currency else ""


@register.simple_tag
def text(texts: Mapping[str, str], name: str) -> str:
    """The text of that name."""
    return texts[name]
