"""A short message as a test, to a number of one's own: it costs what any other does (MSG-6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ripresa.contracts.channel import Channels, Fate, HasPrices, OutgoingSms
from ripresa.contracts.provider import Balance, HasBalance
from ripresa.contracts.sms.sending import is_number
from ripresa.contracts.sms.text import SmsCount, count
from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.contacts.queries import refuses_sms
from ripresa.domain.messages import links
from ripresa.domain.messages.links import Letterhead, own_letterhead
from ripresa.domain.scenarios.senders import sms_origin
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.queries import is_stopped
from ripresa.domain.templates.catalogue import speaks
from ripresa.domain.templates.context import LinkFields, ShopFields, build_context
from ripresa.domain.templates.render import Rendered, render_preset
from ripresa.domain.templates.sample import sample_fields
from ripresa.usecases.sending.tracked_words import track_sms

_TIMEOUT = timedelta(seconds=20)
_BALANCE_TIMEOUT = timedelta(seconds=5)


class NotPossible(Exception):
    """Nothing is sent; the message says why, and what to do. `kind` is a word for it."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class TestSms:
    """What would be sent, and what is known of its cost. `is_real` False: nobody would get it.

    `price` None: the account has no price list, or none for that number.
    """

    outgoing: OutgoingSms
    count: SmsCount
    provider: str
    is_real: bool
    balance: Balance | None
    price: Money | None = None


def sample_text(shop: Shop, template: str, letterhead: Letterhead) -> str:
    """What a template says of a sample cart, with links that lead nowhere. Raises NotPossible."""
    language = next((one for one in (shop.language, "en") if speaks(template, "sms", one)), None)
    if language is None:
        raise NotPossible(f"the template {template!r} has no words for SMS")
    fields = replace(
        sample_fields(),
        shop=ShopFields(shop.name, shop.store_url, shop.address),
        links=harmless_links(shop, letterhead),
    )
    rendered = render_preset(template, "sms", language, build_context(fields, language))
    return as_it_leaves(shop, rendered, letterhead).text


def look(
    *,
    shop: Shop,
    to: str,
    text: str,
    letterhead: Letterhead,
    channels: Channels,
    now: datetime,
) -> TestSms:
    """What sending `text` would mean. Raises NotPossible."""
    _check(shop, to)
    # Under a key of no message: what is reported of it is a test's own affair.
    message_id = new_id(now)
    outgoing = OutgoingSms(
        idempotency_key=letterhead.message_key(shop.id, message_id),
        sender=sms_origin(shop),
        recipient=to,
        text=text,
        language=shop.language,
    )
    channel = channels.sms
    balance = None
    if isinstance(channel, HasBalance):
        balance = channel.balance(timeout=_BALANCE_TIMEOUT)
    price = None
    if isinstance(channel, HasPrices):
        (price,) = channel.prices([outgoing], timeout=_TIMEOUT)
    return TestSms(outgoing, count(text), channel.name, channel.is_real, balance, price)


def send(test: TestSms, *, shop: Shop, channels: Channels) -> Fate:
    """Send it. Raises NotPossible: what stands against it is looked at once more."""
    _check(shop, test.outgoing.recipient)
    (fate,) = channels.sms.send([test.outgoing], timeout=_TIMEOUT)
    return fate


def _check(shop: Shop, to: str) -> None:
    if not is_number(to):
        raise NotPossible(f"{to!r} is no number such as +393331234567", "number")
    if refuses_sms(shop.id, to):
        message = f"{to} has said no to SMS, or is suppressed: not even a test goes there"
        raise NotPossible(message, "suppressed")
    if is_stopped(shop):
        raise NotPossible("all sending is stopped: ripresa start lifts that", "stopped")


def as_it_leaves(shop: Shop, words: Rendered, letterhead: Letterhead | None = None) -> Rendered:
    """A short message with its addresses as short as they leave; those of ours lead nowhere."""
    return track_sms(words, shop, letterhead or own_letterhead(), links.NO_MESSAGE)[0]


def harmless_links(shop: Shop, letterhead: Letterhead) -> LinkFields:
    """As long as real ones, and leading to a page that says that they lead nowhere."""
    restore, unsubscribe = (
        letterhead.url(purpose, shop.id, links.NO_MESSAGE, is_short=True)
        for purpose in (links.RESTORE, links.UNSUBSCRIBE)
    )
    return LinkFields(restore, unsubscribe, letterhead.public_url)
