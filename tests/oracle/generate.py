"""Random but valid and nasty sets of store events, the same for the same seed.

What makes them nasty has names (NASTY), so that a difference between two readings can be hunted
down by leaving one kind of nastiness out.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Raw = dict[str, Any]

NASTY = (
    "anonymous",  # carts of visitors who say later, or never, who they are
    "registering",  # the customer id comes apart from the e-mail, and joins it by event or token
    "shared_phones",  # two people with one number; orders that name it
    "phone_only",  # people known by nothing else
    "strangers",  # tokens, visitors and orders used by somebody else
    "backdated",  # things that happened before others in the list, orders before carts
    "same_instant",
    "boundaries",  # gaps of exactly the idle time, a step's wait, the expiry
    "late",  # received_at hours or days after occurred_at
    "repeats",  # an id twice, an order told twice
    "undone",  # cancellations and refunds, in part, in whole, of unknown orders
    "consents",  # granted, denied, taken back
    "echoes",  # after an order the same items once more, or its checkout id
    "uncounted",  # test, draft, renewal and staff orders
    "mailless",  # people with a customer id and perhaps a phone or an address, but no e-mail
    "currencies",  # carts in another currency than the shop's
)
BEGINNING = datetime(2026, 3, 20, 7, 30, tzinfo=UTC)  # clocks jump in Europe nine days later
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SMALL_GAPS = (timedelta(milliseconds=1), timedelta(seconds=40), 0.2 * HOUR, HOUR, 5 * HOUR)
LARGE_GAPS = (13 * HOUR, 25 * HOUR, 2.2 * DAY, 4 * DAY)
EXACT_GAPS = (HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY)
DELAYS = (timedelta(minutes=1), 5 * HOUR, DAY, 2 * DAY, 3 * DAY + HOUR, 9 * DAY)
PRICES = ("10.00", "10.00", "45.50", "899.99", "1000.00", "1999.99", "2000.00")
CATEGORIES = ((), ("wine",), ("wine", "gift"), ("cheese",))
AGENTS = ("bruno@shop.test", "carla@shop.test")
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; SM-X200) Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari/537.36",
)
LOCALES = ("it-IT", "en-GB", "de-AT", "fr-FR", "ro", "it")
PREFIXES = ("+39333", "+4915123", "+447400", "+8190")
ZONES = ("Europe/Rome", "Asia/Tokyo", "America/New_York", "Europe/London")
COUNTRIES = ("IT", "GB", "JP", "DE", "FR")


CONSENTED = {"email": 0.6, "sms": 0.5, "letter": 0.4}  # how often a contact says a word on it
ADDRESS = {"name": "A. Rossi", "lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma"}


@dataclass
class Shopper:
    email: str | None
    customer: str | None
    phone: str | None
    visitors: tuple[str, ...]
    timezone: str | None
    country: str | None
    locale: str | None
    agent: str | None
    browser: str


def generate(seed: int, n: int, without: Collection[str] = ()) -> list[Raw]:
    """n events of a few people and carts, shuffled; repeated ids come on top of n."""
    if unknown := set(without) - set(NASTY):
        raise ValueError(f"not a kind of nastiness: {sorted(unknown)}")
    return _Story(Random(seed), without).tell(n)


class _Story:
    def __init__(self, random: Random, without: Collection[str]) -> None:
        self.random = random
        self.without = without
        self.now = BEGINNING
        self.shoppers = [self._shopper(number) for number in range(random.randint(2, 5))]
        self.tokens = {
            f"t{number}": random.choice(self.shoppers) for number in range(random.randint(2, 6))
        }
        self.currencies = {token: self._currency() for token in self.tokens}
        self.instants: list[datetime] = []
        self.contents: dict[str, list[Raw]] = {}
        self.orders: list[Raw] = []
        self.kinds: dict[Callable[[], Raw], int] = {
            self._updated: 34,
            self._viewed: 5,
            self._emptied: 4,
            self._checkout: 12,
            self._identified: 8,
            self._order: 14,
            self._consent: 8 if self._is_on("consents") else 0,
            self._undoing: 7 if self._is_on("undone") else 0,
        }

    def tell(self, n: int) -> list[Raw]:
        events: list[Raw] = []
        for number in range(n):
            kind = self.random.choices(list(self.kinds), list(self.kinds.values()))[0]
            at = self._instant()
            event = {"id": f"e{number:04d}", "occurred_at": _text(at), **kind()}
            if self._happens("late", 0.12):
                event["received_at"] = _text(at + self.random.choice(DELAYS))
            events.append(event)
        if self._is_on("repeats"):
            events += [self._again(event) for event in events if self.random.random() < 0.08]
        self.random.shuffle(events)
        return events

    def _again(self, event: Raw) -> Raw:
        return event if self.random.random() < 0.5 else {**event, "received_at": _text(self.now)}

    # -- time and chance ----------------------------------------------------------------------

    def _is_on(self, nastiness: str) -> bool:
        return nastiness not in self.without

    def _happens(self, nastiness: str, share: float) -> bool:
        happens = self.random.random() < share  # drawn always, so that seeds stay comparable
        return happens and self._is_on(nastiness)

    def _instant(self) -> datetime:
        if self.instants and self._happens("same_instant", 0.08):
            return self.random.choice(self.instants)
        if self.instants and self._happens("boundaries", 0.12):
            at = self.random.choice(self.instants) + self.random.choice(EXACT_GAPS)
            self.now = max(self.now, at)
        elif self.instants and self._happens("backdated", 0.08):
            at = self.random.choice(self.instants) + self.random.choice(SMALL_GAPS)
        else:
            gaps = LARGE_GAPS if self.random.random() < 0.25 else SMALL_GAPS
            self.now += self.random.choice(gaps)
            at = self.now
        self.instants.append(at)
        return at

    # -- people -------------------------------------------------------------------------------

    def _shopper(self, number: int) -> Shopper:
        pick = self.random.random
        shared = self._happens("shared_phones", 0.4)
        has_email = not self._happens("mailless", 0.15)
        own = self.random.choice(PREFIXES) + f"00000{number + 1}"
        return Shopper(
            email=f"p{number}@people.test" if has_email else None,
            customer=f"c{number}" if pick() < 0.6 or not has_email else None,
            phone="+393330000000" if shared else own,
            visitors=(f"v{number}", f"w{number}"),
            timezone=self.random.choice(ZONES) if pick() < 0.4 else None,
            country=self.random.choice(COUNTRIES) if pick() < 0.6 else None,
            locale=self.random.choice(LOCALES) if pick() < 0.7 else None,
            agent=self.random.choice(AGENTS) if pick() < 0.5 else None,
            browser=self.random.choice(BROWSERS),
        )

    def _currency(self) -> str:
        return "USD" if self._happens("currencies", 0.2) else "EUR"

    def _contact(self, shopper: Shopper, *, anonymous: float = 0.0) -> Raw | None:
        if self._happens("anonymous", anonymous):
            return None
        if self._happens("phone_only", 0.04):
            return {"phone": shopper.phone}
        contact: Raw = {"email": shopper.email} if shopper.email else {}
        if shopper.customer and (self.random.random() < 0.6 or not shopper.email):
            contact["customer_id"] = shopper.customer
            if self._happens("registering", 0.4):
                contact.pop("email", None)
        if "email" in contact or not shopper.email:
            self._add_facts(contact, shopper)
        return contact

    def _add_facts(self, contact: Raw, shopper: Shopper) -> None:
        if self.random.random() < 0.25:
            contact["phone"] = shopper.phone
        for name in ("timezone", "locale", "agent"):
            if getattr(shopper, name) and self.random.random() < 0.5:
                contact[name] = getattr(shopper, name)
        if shopper.country and self.random.random() < 0.5:
            contact["address"] = ADDRESS | {"country": shopper.country}
        said = {channel: self._consent_to(channel) for channel in CONSENTED}
        if said := {channel: word for channel, word in said.items() if word}:
            contact["consent"] = said

    def _consent_to(self, channel: str) -> str | None:
        if self.random.random() >= CONSENTED[channel]:
            return None
        if self._happens("consents", 0.06):
            return self.random.choice(("denied", "unknown"))
        return "granted"

    # -- events -------------------------------------------------------------------------------

    def _on_cart(self, kind: str, *, anonymous: float = 0.3) -> Raw:
        token = self.random.choice(list(self.tokens))
        shopper = self.tokens[token]
        if self._happens("strangers", 0.05):
            shopper = self.random.choice(self.shoppers)
        event: Raw = {"type": kind, "cart": {"token": token, "currency": self.currencies[token]}}
        if self.random.random() < 0.7:
            event["visitor_id"] = self.random.choice(shopper.visitors)
            event["user_agent"] = shopper.browser
        if contact := self._contact(shopper, anonymous=anonymous):
            event["contact"] = contact
        if self.random.random() < 0.2:
            event["cart"]["checkout_id"] = self._checkout_id(token)
        return event

    def _updated(self) -> Raw:
        event = self._on_cart("cart.updated")
        token = event["cart"]["token"]
        if token in self.contents and self.random.random() < 0.25:
            items = list(self.contents[token])
            self.random.shuffle(items)
            if not self._is_on("echoes"):
                event["cart"]["checkout_id"] = f"chk_{token}_again_{len(self.instants)}"
        else:
            skus = self.random.sample("ABCD", self.random.choice((1, 1, 2, 3)))
            items = [self._item(sku) for sku in skus]
        if self.random.random() < 0.03:
            items = []
        self.contents[token] = event["cart"]["items"] = items
        return event

    def _item(self, sku: str) -> Raw:
        quantity = self.random.choice((1, 1, 2))
        price = self.random.choice(PRICES)
        categories = list(self.random.choice(CATEGORIES))
        item = {"sku": sku, "product_id": sku, "quantity": quantity, "unit_price": price}
        return item | {"title": f"Thing {sku}", "categories": categories}

    def _viewed(self) -> Raw:
        return self._on_cart("cart.viewed", anonymous=0.6)

    def _emptied(self) -> Raw:
        return self._on_cart("cart.emptied", anonymous=0.5)

    def _checkout(self) -> Raw:
        kind = self.random.choice(("checkout.started", "checkout.started", "checkout.left"))
        return self._on_cart(kind, anonymous=0.2)

    def _identified(self) -> Raw:
        event = self._on_cart("contact.identified", anonymous=0.0)
        if "visitor_id" in event and self.random.random() < 0.6:
            del event["cart"]
        return event

    def _consent(self) -> Raw:
        shopper = self.random.choice(self.shoppers)
        said = self.random.choice(("granted", "granted", "denied"))
        consent = {self.random.choice(("email", "email", "sms", "letter")): said}
        contact: Raw = {"email": shopper.email, "consent": consent}
        if shopper.customer and (self._happens("registering", 0.3) or not shopper.email):
            contact = {"customer_id": shopper.customer, "consent": consent}
        return {"type": "consent.changed", "contact": contact}

    def _order(self) -> Raw:
        if self.orders and self._happens("repeats", 0.1):
            return self.random.choice(self.orders)
        token = self.random.choice(list(self.tokens))
        shopper = self.tokens[token]
        if self._happens("strangers", 0.08):
            shopper = self.random.choice(self.shoppers)
        order: Raw = {"id": f"o{len(self.orders)}", "currency": "EUR", "total": "30.00"}
        keys = self.random.choice(("token", "token", "checkout", "person", "person", "both"))
        if keys in ("token", "both"):
            order["cart_token"] = token
        if keys == "checkout":
            order["checkout_id"] = self._checkout_id(token)
        event: Raw = {"type": "order.placed", "order": order}
        if keys in ("person", "both") or self.random.random() < 0.6:
            event["contact"] = self._contact(shopper)
        order |= self._kind_of_order()
        self.orders.append(event)
        if not self._is_on("echoes"):
            self.contents.clear()
        return event

    def _kind_of_order(self) -> Raw:
        if self._happens("uncounted", 0.15):
            return self.random.choice(({"test": True}, {"origin": "draft"}, {"origin": "renewal"}))
        return {"origin": "staff"} if self.random.random() < 0.05 else {}

    def _checkout_id(self, token: str) -> str:
        """A new one after each order, unless shops may repeat an old one."""
        age = 0 if self._is_on("echoes") else len(self.orders)
        return f"chk_{token}_{age}"

    def _undoing(self) -> Raw:
        order = self.random.choice(self.orders)["order"]["id"] if self.orders else "o0"
        if self.random.random() < 0.4:
            return {"type": "order.cancelled", "order": {"id": order}}
        amount = self.random.choice(("30.00", "15.00", "20.00", "1.00"))
        number = self.random.randint(0, 9)
        refund = {"id": f"r{number}", "order_id": order, "amount": amount, "currency": "EUR"}
        return {"type": "order.refunded", "refund": refund}


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
