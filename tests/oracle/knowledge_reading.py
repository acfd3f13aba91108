"""What can be said of a person and her cart at one instant: the facts that conditions ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from .cart_reading import Cart, Carts
from .conditions_reading import Facts, holds
from .coupons_reading import Coupons
from .events_reading import CHANNELS
from .hours_reading import country_of
from .orders_reading import Order
from .people_reading import People, Person
from .scenario_reading import Branch, Scenario

# events.md, "The device of a cart": the first line that fits.
TELEVISIONS = (
    *("SmartTV", "SMART-TV", "Smart-TV", "AppleTV"),
    *("GoogleTV", "Google TV", "Android TV", "HbbTV"),
)
TABLETS = ("iPad", "Kindle", "Silk/", "PlayBook")
PHONES = ("Mobi", "iPhone", "iPod", "Windows Phone", "BlackBerry", "Opera Mini")
DESKTOPS = ("Windows", "Macintosh", "X11", "CrOS", "Linux")


@dataclass(frozen=True)
class Knowledge:
    scenario: Scenario
    people: People
    carts: Carts
    deals: Mapping[tuple[str, int], str]  # the stage in which a cart's deal stands
    coupons: Coupons
    now: datetime

    def facts(self, cart: Cart, person: Person) -> Facts:
        profile = self.people.profile(person)
        if cart.goods is None:
            raise AssertionError("a cart that was abandoned held something")
        return Facts(
            goods=cart.goods,
            country=country_of(profile),
            language=self.scenario.languages.of(profile.locale),
            customer=self.customer_classes(person, self.now),
            device=device_of(cart.user_agent or ""),
            deal_stage=self.deals.get(cart.key),
            has_coupon=self.coupons.are_in_hand(person, self.people, self.carts.orders, self.now),
            consent={channel: self.people.consent(person, channel) for channel in CHANNELS},
        )

    def fits_audience(self, cart: Cart, person: Person) -> bool:
        """Counted to the abandonment (SCN-6)."""
        wanted = self.scenario.audience.customers
        classes = self.customer_classes(person, cart.abandoned_at[-1])
        return wanted == "all" or wanted in classes

    def customer_classes(self, person: Person, at: datetime) -> frozenset[str]:
        """new: never bought; returning: did; inactive: returning, and not for so long."""
        bought_at = [
            order.at
            for order in self.orders_of(person)
            if order.at <= at and order.undone_at is None
        ]
        if not bought_at:
            return frozenset({"new"})
        if self.scenario.audience.is_inactive(max(bought_at), at):
            return frozenset({"returning", "inactive"})
        return frozenset({"returning"})

    def orders_of(self, person: Person) -> list[Order]:
        """By name, by number, or by the cart they named; those that count nowhere left out."""
        phones = self.people.phones(person)
        return [
            order
            for order in self.carts.orders
            if order.counts and (person in order.buyers or phones & order.phones)
        ]

    def choose_branch(self, cart: Cart, person: Person) -> Branch | str:
        """The first that fits; else the reason why there is none (SCN-7)."""
        facts = self.facts(cart, person)
        for branch in self.scenario.branches:
            answer = True if branch.when is None else holds(branch.when, facts)
            if answer is None:
                return "currency_mismatch"
            if answer:
                return branch
        return "no_branch"


def is_drawn(scenario: str, person: str, share: float) -> bool:
    """docs/reference/scenario-file.md, `holdout`: by name of scenario and person alone."""
    lot = sha256(f"holdout\n{scenario}\n{person}".encode()).digest()[:8]
    return int.from_bytes(lot, "big") < share * 2**64


def device_of(user_agent: str) -> str:
    def has(*words: str) -> bool:
        return any(word in user_agent for word in words)

    if has(*TELEVISIONS):
        return "unknown"
    if has(*TABLETS) or "Tablet" in user_agent.replace("Tablet PC", ""):
        return "tablet"
    if has("Android") and not has("Mobi", "Opera Mini"):
        return "tablet"
    if has(*PHONES):
        return "mobile"
    return "desktop" if has(*DESKTOPS) else "unknown"
