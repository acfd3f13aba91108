"""Money, instants, badges, reasons and icons in templates."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ripresa.console.carriers import there
from ripresa.console.connections.reasons import told_reason
from ripresa.console.connections.sayings import told_now
from ripresa.console.connections.there import all_connections
from ripresa.console.layout import badges, reasons, typed
from ripresa.console.layout.writing import (
    day_in_words,
    locale,
    number_in_words,
    share_in_words,
)
from ripresa.console.overtaking import marks
from ripresa.core.money import Money
from ripresa.domain.attribution.definitions import definitions
from ripresa.usecases.templates.product_pictures import path_of

register = template.Library()


@register.filter
def money(value: Money) -> str:
    """An amount as people write it."""
    return value.text(locale())


register.simple_tag(typed.too_long)


@register.simple_tag
def amount(minor: int | None, currency: str | None) -> str:
    """`minor` units of `currency` as people write it."""
    return Money(minor or 0, currency).text(locale()) if currency else ""


@register.filter
def moneys(values: Iterable[Money]) -> str:
    """Several currencies beside each other, never summed; a dash for nothing."""
    return " · ".join(value.text(locale()) for value in values) or "–"


@register.filter
def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return number_in_words(value)


@register.filter
def decimal(value: float | None) -> str:
    """A number with at most one digit after the point; a dash where there is none."""
    return "–" if value is None else number_in_words(value, 1)


@register.filter
def digits(value: float | None, count: int) -> str:
    """A number with so many digits behind the decimal sign; a dash where there is none."""
    return "–" if value is None else number_in_words(value, count, least=count)


@register.simple_tag
def part_of(part: int, whole: int) -> str:
    """A count with its share of the whole: 7 (58 %)."""
    return f"{number(part)} ({share(part / whole if whole else None)})"


@register.filter
def share(value: float | None) -> str:
    """A share as per cent, a dash where there is none."""
    return "–" if value is None else share_in_words(value)


@register.simple_tag(takes_context=True)
def when(context: RequestContext | dict[str, Any], at: datetime | None) -> str:
    """An instant in the shop's zone, as short as it stays clear; the exact one for machines."""
    if at is None:
        return "–"
    local, today = timezone.localtime(at), timezone.localtime(context["now"]).date()
    if local.date() == today:
        text = _("today %(time)s") % {"time": f"{local:%H:%M}"}
    elif local.date() == today - timedelta(days=1):
        text = _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    else:
        text = f"{day_in_words(local.date(), with_year=local.year != today.year)}, {local:%H:%M}"
    exact = f"{day_in_words(local.date())}, {local:%H:%M:%S} {timezone.get_current_timezone_name()}"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, text)


@register.simple_tag
def badge(family: str, state: str) -> str:
    """A state as a coloured word."""
    shown = badges.badge(family, state)
    return format_html('<span class="state state-{}">{}</span>', shown.tone, shown.text)


@register.simple_tag
def tone(shown: badges.Badge) -> str:
    """A badge that a room has made up itself."""
    return format_html('<span class="state state-{}">{}</span>', shown.tone, shown.text)


@register.filter
def mark(state: object) -> str:
    """What a form is marked with that was shown from this."""
    return marks.mark(state)


@register.filter
def day(at: datetime) -> str:
    """A day in the shop's zone as people write it."""
    return day_in_words(timezone.localtime(at).date())


@register.filter
def date_in_words(on: date) -> str:
    """A calendar day as people write it."""
    return day_in_words(on)


@register.filter
def reason(code: str | None) -> str:
    """A reason's code as a sentence."""
    return reasons.sentence(code)


@register.filter
def consent(state: str) -> str:
    """A state of consent as a word."""
    return str(badges.badge("consent", state).text)


@register.filter
def channel(code: str | None) -> str:
    """A channel's name."""
    return str(badges.CHANNELS.get(code or "", code or ""))


@register.filter
def channels(codes: Iterable[str]) -> str:
    """The names of channels, parted by commas, in the order in which they are always named."""
    return ", ".join(channel(code) for code in badges.CHANNELS if code in codes)


@register.filter
def quoted(text: str) -> str:
    """A name or somebody's words between the quotation marks of the reader's language."""
    return _("“%s”") % text


@register.filter
def text_title(name: str) -> str:
    """What a text is called: a shipped one in the reader's language, a shop's own as it was named."""
    return str(badges.TEMPLATES.get(name, name))


@register.filter
def platform(name: str) -> str:
    """How a shop platform writes its own name."""
    known = all_connections().connectors.get(name)
    return known.label if known else name


@register.filter
def provider(name: str) -> str:
    """How a provider writes its own name; what has none of its own, in the reader's language."""
    known = there.providers().get(name)
    return _(known.label) if known else name


@register.filter
def kind(code: str) -> str:
    """Cart or checkout."""
    return str(badges.KINDS.get(code, code))


@register.filter
def origin(code: str) -> str:
    """How an order came about, where that keeps it out of the figures."""
    return str(badges.ORIGINS.get(code, code))


@register.filter
def country(code: str) -> str:
    """A country's name in the reader's language."""
    return str(Locale.parse(locale()).territories.get(code, code))


@register.filter
def tongue(tag: str) -> str:
    """The language of a tag like it-IT in the reader's language; the tag where nobody knows it."""
    try:
        return capfirst(str(Locale.parse(tag, sep="-").get_display_name(locale())))
    except (UnknownLocaleError, ValueError):
        return tag


@register.filter
def cause(code: str | None) -> str:
    """What brought a cart back; empty where it is not known."""
    return str(badges.CAUSES.get(code or "", code or ""))


@register.filter
def role(code: str) -> str:
    """A member's role."""
    return str(badges.ROLES.get(code, code))


@register.simple_tag
def icon(name: str) -> str:
    """An icon beside a text that says the same: hidden from screen readers."""
    return _icon(name)


@register.filter
def person(contact: Any) -> str:
    """What a person is called: name, else e-mail, else phone, else the shop's number."""
    if contact is None:
        return _("Unknown visitor")
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    return name or contact.email or contact.phone or contact.customer_id or _("Unnamed")


@cache
def _icon(name: str) -> SafeString:
    text = (files("ripresa.console") / "static/vendor/tabler-icons" / f"{name}.svg").read_text()
    inside = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if inside is None:
        raise template.TemplateSyntaxError(f"{name}.svg is no icon")
    # The file is vendored and its checksum tested: nothing a user typed is in it.
    paths = mark_safe(" ".join(inside[1].split()))  # noqa: S308
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', paths)


@register.simple_tag
def lines(items: list[dict[str, Any]], most: int = 2) -> str:
    """The first items of a cart in one line, and how many more there are."""
    shown = [
        (item.get("quantity", 1), item.get("title") or item.get("product") or "?")
        for item in items[:most]
    ]
    text = format_html_join(", ", "{} × {}", shown)
    rest = len(items) - most
    return format_html("{} <span>+{}</span>", text, rest) if rest > 0 else text


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to loop over."""
    return text.split()


@register.filter
def at(values: dict[str, Any], key: str) -> Any:
    """What stands under a key."""
    return values[key]


@register.filter
def at_or_none(values: dict[str, Any], key: str) -> Any:
    """What stands under a key, if anything."""
    return values.get(key)


@register.filter
def cause_of_stop(code: str) -> str:
    """Why an address is suppressed."""
    return str(badges.STOPS.get(code, code))


@register.simple_tag
def sums(row: Any, name: str) -> str:
    """A sum of money of a report's row, one for each currency."""
    return moneys(row.money(name))


@register.simple_tag
def saying(text: str) -> SafeString:
    """What a shop is in trouble with, in the reader's language, or marked as English."""
    told = told_now(text)
    return format_html(
        '<span lang="en">{}</span>' if told.is_foreign else "<span>{}</span>", told.text
    )


@register.filter
def standstill(text: str) -> str:
    """Why something stands still, in the reader's language where the words are ours."""
    return told_reason(text).text


@register.simple_tag
def product_picture(shop_id: int, address: str) -> SafeString:
    """Our own small copy of a product's picture; nothing where there is none. Its name stands beside it."""
    path = path_of(shop_id, address)
    if not path:
        return mark_safe("")
    return format_html(
        '<img class="product-thumb" src="{}" alt="" width="40" height="40" loading="lazy">', path
    )


@register.simple_tag
def items_picture(shop_id: int, items: list[dict[str, Any]]) -> SafeString:
    """Our own copy of the first picture there is among items, to stand before their names in a list."""
    path = path_of(shop_id, next((one["image_url"] for one in items if one.get("image_url")), ""))
    if not path:
        return mark_safe("")
    return format_html(
        '<img class="line-thumb" src="{}" alt="" width="24" height="24" loading="lazy">', path
    )


@register.simple_tag
def defined(name: str) -> str:
    """A figure's name with its definition, for pointer, keyboard and screen reader alike."""
    one = definitions()[name]
    meaning = f"{_(one.meaning)} ({_(one.dated)})"
    return format_html(
        '<abbr tabindex="0" title="{}">{}<span class="visually-hidden">: {}</span></abbr>',
        meaning, _(one.title), meaning,
    )  # fmt: skip
