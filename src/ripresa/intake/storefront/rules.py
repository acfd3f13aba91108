"""What a public key may say. It stands in the shop's pages, so anybody has it.

Whoever has it can name a victim's address and choose words that the shop would then mail. So: types
that state no order and no consent of somebody else, links to the shop's own hosts, and plain words.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from ripresa.contracts.events import AddressBlock, CartBlock, ContactBlock, EventType, StoreEvent
from ripresa.contracts.plain_values import host_of
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code
from ripresa.core.signed_ids import claimed_row
from ripresa.intake.storefront.plain_words import has_link

PUBLIC_TYPES = frozenset(
    {
        EventType.CART_UPDATED,
        EventType.CART_EMPTIED,
        EventType.CART_VIEWED,
        EventType.CHECKOUT_STARTED,
        EventType.CHECKOUT_LEFT,
        EventType.CONTACT_IDENTIFIED,
    }
)

_LONGEST_USER_AGENT = 1000
_FIRST_YEAR = 1970


def check_storefront(event: StoreEvent, hosts: Collection[str]) -> None:
    """Raises Invalid if a public key of a shop with these `hosts` may not say this."""
    if event.type not in PUBLIC_TYPES:
        raise Invalid("type", Code.FORBIDDEN_TYPE)
    if event.order is not None or event.refund is not None:
        field = "order" if event.order is not None else "refund"
        raise Invalid(field, Code.FORBIDDEN_FIELD)
    if event.contact is not None:
        _check_contact(event, event.contact)
    _check_origin(event.cart)
    for place, url in _urls(event):
        if not is_own_host(host_of(url), hosts):
            raise Invalid(place, Code.FOREIGN_URL)
    for place, text in _texts(event):
        if text is not None and has_link(text):
            raise Invalid(place, Code.LINK_IN_TEXT)


def _check_contact(event: StoreEvent, contact: ContactBlock) -> None:
    if contact.agent is not None:
        raise Invalid("contact.agent", Code.FORBIDDEN_FIELD)
    if contact.consent is None:
        return
    # Consent is heard from the browser in which the address was typed, for that address alone: for
    # a bare customer_id the page cannot speak.
    typed = contact.email is not None or contact.phone is not None
    if event.visitor_id is None or not typed:
        raise Invalid(
            "contact.consent",
            Code.FORBIDDEN_FIELD,
            "needs a visitor_id and the e-mail or phone it is for, when said with a public key",
        )


def _check_origin(cart: CartBlock | None) -> None:
    """A page names the cart that was restored by what our link said; a token anybody may have guessed."""
    origin = cart.restored_from if cart is not None else None
    if origin is not None and claimed_row(origin) is None:
        raise Invalid(
            "cart.restored_from",
            Code.FORBIDDEN_FIELD,
            "with a public key it is the ripresa_cart of the address, never a token",
        )


def is_own_host(host: str | None, hosts: Collection[str]) -> bool:
    """Whether `host` (perhaps with a port) is one of `hosts`; an entry without a port means any."""
    return host is not None and (host in hosts or host.partition(":")[0] in hosts)


def _urls(event: StoreEvent) -> Iterator[tuple[str, str]]:
    cart = event.cart
    if cart is None:
        return
    if cart.restore_url is not None:
        yield "cart.restore_url", cart.restore_url
    for index, item in enumerate(cart.items or ()):
        if item.url is not None:
            yield f"cart.items[{index}].url", item.url
        if item.image_url is not None:
            yield f"cart.items[{index}].image_url", item.image_url


def _texts(event: StoreEvent) -> Iterator[tuple[str, str | None]]:
    """Every text that a mail or a letter may show."""
    if event.contact is not None:
        yield "contact.first_name", event.contact.first_name
        yield "contact.last_name", event.contact.last_name
        if event.contact.address is not None:
            yield from _address_texts(event.contact.address)
    if event.cart is not None:
        for index, item in enumerate(event.cart.items or ()):
            yield f"cart.items[{index}].title", item.title
            yield f"cart.items[{index}].variant", item.variant
            yield f"cart.items[{index}].sku", item.sku
            yield f"cart.items[{index}].product_id", item.product_id
            for place, label in enumerate(item.categories):
                yield f"cart.items[{index}].categories[{place}]", label


def _address_texts(address: AddressBlock) -> Iterator[tuple[str, str | None]]:
    for field in ("name", "postal_code", "city", "region"):
        yield f"contact.address.{field}", getattr(address, field)
    for index, line in enumerate(address.lines):
        yield f"contact.address.lines[{index}]", line


def without_skew(
    event: StoreEvent,
    *,
    sent_at: datetime | None,
    received_at: datetime,
    speed: float,
    user_agent: str | None,
) -> StoreEvent:
    """`event` on our clock, never later than `received_at`; the browser's name if it has none.

    `sent_at` is what the browser's clock showed as the request left: however wrong, it says how long ago
    this happened, and our clock ran `speed` times as far meanwhile. Raises Invalid for instants before 1970.
    """
    occurred_at = min(event.occurred_at, received_at)
    if sent_at is not None:
        ago = max(sent_at - event.occurred_at, timedelta(0))
        try:
            occurred_at = received_at - ago * speed
        except OverflowError:
            raise Invalid("occurred_at", Code.NOT_AN_INSTANT) from None
    if occurred_at.year < _FIRST_YEAR:
        raise Invalid("occurred_at", Code.NOT_AN_INSTANT)
    return replace(
        event,
        occurred_at=occurred_at,
        user_agent=event.user_agent or (user_agent and user_agent[:_LONGEST_USER_AGENT]),
    )
