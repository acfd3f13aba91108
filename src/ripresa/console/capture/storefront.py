"""The storefront script: what to put into the shop's pages, and whether they are heard."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.core.config import load
from ripresa.usecases.shops.page_key import find_page_key, heard_from_pages, make_page_key


@shop_page
def storefront(request: ConsoleRequest) -> HttpResponse:
    """The snippets, and whether anything came from them. htmx gets the answer to that alone."""
    heard = heard_from_pages(shop_id=request.shop.id, now=request.now)
    if request.htmx and not request.htmx.history_restore_request:
        return show_part(request, "console/capture/_heard.html", heard=heard)
    key, home = find_page_key(request.shop.id), load().public_url
    return show_settings(
        request,
        "console/capture/storefront.html",
        "storefront",
        heard=heard,
        key=key,
        script=_tag(home, "ripresa.js", key, ""),
        popup=_tag(home, "popup.js", key, " data-popup"),
    )


@require_POST
@shop_page
@changes_shop
def make_key(request: ConsoleRequest) -> HttpResponse:
    """A public key for the pages, where none can be shown."""
    make_page_key(shop=request.shop, now=request.now)
    messages.success(request, _("The key is made: copy the snippet into the shop’s pages."))
    return redirect("storefront", request.shop.slug)


def _tag(home: str, file: str, key: str | None, more: str) -> str:
    """A line for the pages of the shop."""
    if key is None:
        return ""
    lines = (
        f'<script async src="{home}/{file}"{more}',
        f'        data-key="{key}"',
        f'        data-endpoint="{home}"></script>',
    )
    return "\n".join(lines)
