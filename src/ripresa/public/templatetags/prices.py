"""Prices in templates."""

from django import template

from ripresa.core.money import Money

register = template.Library()


@register.simple_tag
def price(minor: int, currency: str, language: str) -> str:
    """`minor` units of `currency` as readers of `language` write it."""
    return Money(minor, currency).text(language) if currency else ""
