"""What a shop makes of words about consent: whether channels go together, and whose yes must be confirmed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ripresa.domain.contacts.places import country_of
from ripresa.domain.contacts.rules import ConsentWord, consent_of
from ripresa.domain.shops.models import Shop

CHANNELS = ("email", "sms", "letter")
COUPLED = ("email", "sms")

# Where a yes said to a web page is worth nothing until its sender has confirmed it, by channel. As of
# November 2026; NOT LEGAL ADVICE. DE: UWG § 7 wants proof that it was she who agreed. US: the carriers'
# rule for texts about carts.
CONFIRMED_IN: Mapping[str, frozenset[str]] = {
    "email": frozenset({"DE"}),
    "sms": frozenset({"DE", "US"}),
    "letter": frozenset(),
}


class ConsentPolicy(NamedTuple):
    """A shop's choice. `confirm_consent`: by_country, always or never."""

    couples_channels: bool
    confirm_consent: str
    shop_country: str

    def consents(
        self, words: Mapping[str, Sequence[ConsentWord]], *, country: str | None, phone: str | None
    ) -> list[str]:
        """What rules in each of CHANNELS, by all that was said of each."""
        here = country_of(country=country, phone=phone, shop_country=self.shop_country)
        return [
            consent_of(
                [word for one in self.stopped_with(channel) for word in words[one]],
                unconfirmed="pending" if self.confirms(channel, here) else "granted",
            )
            for channel in CHANNELS
        ]

    def confirms(self, channel: str, country: str) -> bool:
        """Whether a page's yes to `channel` waits until a person in `country` has confirmed it."""
        if self.confirm_consent == "by_country":
            return country in CONFIRMED_IN[channel]
        return self.confirm_consent == "always" and channel in COUPLED

    def stopped_with(self, channel: str) -> tuple[str, ...]:
        """The channels that share one consent with `channel`, itself among them."""
        return COUPLED if self.couples_channels and channel in COUPLED else (channel,)


def policy_of(shop_id: int) -> ConsentPolicy:
    """The choice of a shop."""
    found = Shop.objects.filter(id=shop_id)
    return ConsentPolicy(*found.values_list("couple_channels", "confirm_consent", "country").get())
