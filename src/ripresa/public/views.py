"""Restore, unsubscribe, view in browser. A GET, whoever makes it, changes nothing (CNS-2)."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ripresa.contracts.shops.connector import Connector
from ripresa.domain.carts import queries as carts
from ripresa.domain.carts.models import Cart
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.links import CLICK, own_letterhead
from ripresa.domain.shops.models import Shop
from ripresa.public import links, pages, preferences
from ripresa.public.destination import choose_destination, is_address, trusted, with_code
from ripresa.public.request import PublicRequest
from ripresa.usecases.connected.restoring import find_restore_link
from ripresa.usecases.follow_restore_link import follow_restore_link
from ripresa.usecases.restored_carts import with_reference

BOUGHT = ("recovered", "ordered", "closed")
# A mail brings its own styles and pictures; scripts, forms and frames have no business in it.
# Sandboxed it is nobody's origin: not even a script that slipped through could ask the console.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "connect-src": ["'none'"],
    "frame-src": ["'none'"],
    "font-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["https:", "http:", "data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


class Mail(HttpResponse):
    """A mail as a page; django-csp takes the policy from the answer."""

    _csp_replace: ClassVar = MAIL_POLICY


class SeeOther(HttpResponseRedirect):
    """On with a GET, whatever came in."""

    status_code = 303


@csrf_exempt  # the token in the address is the authority
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: PublicRequest, link: str) -> HttpResponse:
    """The items of a cart on any device, and the way back. No name, no address (MSG-7).

    POST is the button: it notes that a person came back, and leads into the shop.
    """
    return _restore(request, links.look_up(link, "restore", request.now))


@csrf_exempt  # the token in the address is the authority; mail services post without any cookie
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: PublicRequest, link: str) -> HttpResponse:
    """What she gets: see `preferences`. Such a link never stops working."""
    return preferences.show(request, links.look_up(link, "unsubscribe", request.now))


@csrf_exempt  # the token in the address is the authority
@require_http_methods(["GET", "HEAD", "POST"])
def follow_short_link(request: PublicRequest, code: str) -> HttpResponse:
    """A link of a short message: the same page as the long one would show, under its own address."""
    found = links.look_up_short(code, request.now)
    if found.purpose == CLICK.name:
        return _on_to_the_click(request, found)
    return (preferences.show if found.purpose == "unsubscribe" else _restore)(request, found)


def _on_to_the_click(request: PublicRequest, found: links.Found) -> HttpResponse:
    """On to the long way by us (intake/tracking.py): it keeps the click, and leads where the address led."""
    letterhead = own_letterhead()
    if found.shop is not None and found.message_id is not None and not found.is_expired:
        number = letterhead.click_number(found.shop.id, found.message_id, found.token_hash)
        if number is not None:
            url = letterhead.click_url(found.shop.id, found.message_id, number)
            return pages.guarded(HttpResponseRedirect(url))
    return pages.nothing_there(request, found)


def _restore(request: PublicRequest, found: links.Found) -> HttpResponse:
    if found.shop is None or found.message_id is None or found.is_expired:
        return pages.nothing_there(request, found)
    shop = found.shop
    message = outbox.find_message(shop.id, found.message_id)
    cart_id = message.cart_id if message else None
    cart = carts.find_cart(shop.id, cart_id) if cart_id else None
    if cart is None:
        return pages.nothing_there(request, found)
    is_open = bool(cart.items) and cart.state not in BOUGHT
    code = (message.coupon_code if message else None) or ""
    destination = _way_back(shop, cart, code) if is_open else None
    destination = destination or choose_destination(None, shop.hosts, shop.store_url)
    if request.method == "POST" and destination is not None:
        follow_restore_link(shop_id=shop.id, token_hash=found.token_hash, now=request.now)
        return pages.guarded(SeeOther(destination))
    page = pages.show(
        request,
        "public/restore.html",
        shop,
        cart=cart,
        is_open=is_open,
        is_bought=cart.state in BOUGHT,
        destination=destination,
    )
    if destination is not None:
        page.let_form_end_at(destination)
    return page


def _way_back(shop: Shop, cart: Cart, code: str) -> str | None:
    """Into the shop, the coupon applied: as the platform does it, else by the cart's own address.

    A platform keeps the token of a cart. Of other shops nobody knows: the address says which cart it was.
    """
    own = trusted(cart.restore_url, shop.hosts)
    own = with_code(own, code) if own else None
    connectors: Mapping[str, Connector] = import_string(settings.CONNECTORS)
    link = find_restore_link(cart=cart, own_url=own, code=code, connectors=connectors)
    if link is not None and is_address(link):
        return link
    return with_reference(own, cart) if own else None


@require_safe
def view_in_browser(request: PublicRequest, link: str) -> HttpResponse:
    """The mail as it was sent, in a page that can do nothing."""
    found = links.look_up(link, "view", request.now)
    content = None
    if found.shop is not None and found.message_id is not None and not found.is_expired:
        content = outbox.find_content(found.shop.id, found.message_id)
    if content is None:
        return pages.nothing_there(request, found)
    html, _ = content.said()
    return pages.guarded(Mail(html))
