"""A message by hand for one cart: choose it, see what stands against it, send it (SCN-14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import CHANNELS, TEMPLATES
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.queries import find_cart
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.coupons.operations import stock
from ripresa.domain.coupons.pools import NoSuchPool
from ripresa.domain.messages import queries as outbox
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.sending.by_hand import OVERRIDES
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.send_by_hand import (
    CHANNELS as SENDABLE,
)
from ripresa.usecases.send_by_hand import (
    Look,
    NobodyThere,
    NotAsked,
    NotPossible,
    Wanted,
    look,
    send_by_hand,
)

# Who had a message within this time is better left alone.
SOON = timedelta(hours=24)
_LATEST = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen on the page: a text in a channel, where its coupon comes from, what is overridden."""

    text: str
    pool: str
    overrides: tuple[str, ...]

    def wanted(self, cart_id: UUID, who: str) -> Wanted:
        """The same as the use case knows it."""
        template, _, channel = self.text.rpartition("/")
        return Wanted(cart_id, template, who, channel, self.pool or None, self.overrides)


def texts_of(shop_id: int) -> dict[str, str]:
    """What may be sent, `text/channel`, in words: the shop's own texts first."""
    listed = sorted(Texts(shop_id).list_all(), key=lambda one: one.name in TEMPLATES)
    return {
        f"{one.name}/{channel}": f"{TEMPLATES.get(one.name, one.name)} · {CHANNELS[channel]}"
        for one in listed
        for channel in one.channels
        if channel in SENDABLE
    }


def pools_of(request: ConsoleRequest) -> list[tuple[str, int | None]]:
    """Pools of codes by name, each with how many are left; None: one code for everybody."""
    return [(one.pool, one.left) for one in stock(shop_id=request.shop.id, now=request.now)]


def read_choice(given: QueryDict, texts: Mapping[str, str]) -> Choice:
    """What was chosen; what makes no sense is as if nothing was."""
    text = given.get("text", "")
    overrides = tuple(one for one in OVERRIDES if one in given.getlist("override"))
    first = next(iter(texts), "")
    return Choice(text if text in texts else first, given.get("pool", "")[:200], overrides)


def in_words(wrong: NotAsked | NoSuchPool) -> str:
    """What is wrong with a choice, for whoever made it."""
    if isinstance(wrong, NoSuchPool):
        return _("There is no such pool of coupons any more.")
    if wrong.field == "coupon":
        return _("This text speaks of a coupon: choose where it comes from.")
    return _("That text is not there any more: choose another.")


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def send(request: ConsoleRequest, cart_id: UUID) -> HttpResponse:
    """GET looks, POST sends. Caps and quiet hours may be overridden, which is written down."""
    cart = find_cart(request.shop.id, cart_id)
    if cart is None:
        raise Http404("no such cart in this shop")
    texts = texts_of(request.shop.id)
    choice = read_choice(request.POST if request.method == "POST" else request.GET, texts)
    wanted = choice.wanted(cart.id, request.user.get_username())
    problem, seen = "", None
    try:
        if request.method == "POST":
            done = send_by_hand(shop_id=request.shop.id, wanted=wanted, now=request.now)
            messages.success(request, _said(done.look, wanted))
            return redirect("cart", request.shop.slug, cart.id)
        seen = look(shop_id=request.shop.id, wanted=wanted, now=request.now)
    except NotPossible as wrong:
        seen = wrong.look
    except NobodyThere:
        problem = _("Nobody reachable is known behind this cart.")
    except (NotAsked, NoSuchPool) as wrong:
        problem = in_words(wrong)
    return _page(request, cart, choice, {"seen": seen, "problem": problem, "texts": texts})


def _said(seen: Look, wanted: Wanted) -> str:
    held = [one for one in seen.obstacles if one.override not in wanted.overrides]
    if held:
        return _("Planned: it leaves as soon as what holds it back is over.")
    return _("On its way.")


def _page(
    request: ConsoleRequest, cart: Cart, choice: Choice, found: dict[str, Any]
) -> HttpResponse:
    buyer = contacts.find_contact(request.shop.id, cart.contact_id)
    seen: Look | None = found["seen"]
    template, _sign, channel = choice.text.rpartition("/")
    context = {
        **found,
        "cart": cart,
        "buyer": buyer,
        "choice": choice,
        "pools": pools_of(request),
        "latest": _latest(request, cart),
        "text_name": template,
        "channel": channel,
        "language": (seen.language if seen else None) or request.shop.language,
        "speaks": ENDONYMS.get((seen.language if seen else None) or "", ""),
        "needs": _overridable(seen, choice.overrides),
    }
    if request.htmx:
        return show_part(request, "console/carts/_look.html", **context)
    is_refused = request.method == "POST"
    return show(
        request, "console/carts/send.html", "carts", status=422 if is_refused else 200, **context
    )


def _overridable(seen: Look | None, chosen: Sequence[str]) -> list[tuple[str, bool]]:
    """What may be overridden here, and whether it is."""
    held = {one.override for one in seen.obstacles if one.override} if seen else set()
    return [(name, name in chosen) for name in OVERRIDES if name in held or name in chosen]


def _latest(request: ConsoleRequest, cart: Cart) -> Message | None:
    """What this person had within the last 24 hours, if anything."""
    if cart.contact_id is None:
        return None
    since = request.now - SOON
    found = outbox.messages_of_contact(request.shop.id, cart.contact_id, _LATEST)
    return next((one for one in found if one.handed_over_at and one.handed_over_at > since), None)
