"""Ways into rooms that a shop may have switched off: shown only where they lead somewhere."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ripresa.console.layout.switches import address_if_open

register = template.Library()


@register.simple_tag(takes_context=True)
def open_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """The address of a page of this shop; empty where its room is closed."""
    return address_if_open(context["shop"], name, *args)


@register.simple_block_tag(takes_context=True)
def room_link(context: dict[str, Any], content: SafeString, name: str, *args: Any) -> SafeString:
    """`content` as a link to a page of this shop; without one where its room is closed."""
    where = address_if_open(context["shop"], name, *args)
    return format_html('<a href="{}">{}</a>', where, content) if where else content
