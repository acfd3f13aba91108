"""What short messages cost: the price list of an account, as its provider publishes it."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import OutgoingSms
from ripresa.contracts.plain_values import is_currency
from ripresa.contracts.provider import BadSettings, Setting
from ripresa.contracts.sms.numbers import country_of
from ripresa.contracts.sms.settings import text_of
from ripresa.contracts.sms.text import count
from ripresa.core.money import Money, digits_of

PART_COST = Setting(
    "part_cost",
    "what one part costs, as 0.065; by country of the number: 0.065 DE=0.075 RO=0.05; "
    "empty: reports tell no cost",
    default="",
)
CURRENCY = Setting("currency", "of the costs", default="EUR")
_ELSEWHERE = ""
_ONE = re.compile(r"(?:([A-Za-z]{2})=)?([0-9]{1,3}(?:\.[0-9]{1,6})?)")


class HasPriceList:
    """What every channel of short messages tells of costs: the price list of its settings. See HasPrices."""

    has_price_list = True
    _settings: Mapping[str, str]

    def prices(
        self,
        batch: Sequence[OutgoingSms],
        *,
        timeout: timedelta,  # noqa: ARG002  (nobody is asked)
    ) -> list[Money | None]:
        """By the account's price list; see HasPrices."""
        return prices_of(batch, self._settings)


def prices_of(batch: Sequence[OutgoingSms], settings: Mapping[str, str]) -> list[Money | None]:
    """What each message of `batch` costs by the account's price list; None: the list has no price for it.

    Prices have more digits than money. Of messages at 6.5 cents half count 6 cents and half 7, the same one
    always the same, so that many add up to what the provider asks for. Raises BadSettings.
    """
    costs = part_costs(settings)
    return [_price(sms, settings, costs) for sms in batch]


def part_costs(settings: Mapping[str, str]) -> dict[str, Decimal]:
    """The price of a part by country (two capitals), and under "" that of all others. Raises BadSettings."""
    text = settings["part_cost"]
    found = [_ONE.fullmatch(one) for one in text.split()]
    costs = {(one[1] or _ELSEWHERE).upper(): Decimal(one[2]) for one in found if one is not None}
    if len(costs) < len(found):
        raise BadSettings(
            say("part_cost must be prices such as 0.065 or 0.065 DE=0.075, not {text!r}", text=text)
        )
    if not is_currency(settings["currency"].upper()):
        raise BadSettings(
            say(
                "currency must be three letters such as EUR, not {text!r}",
                text=settings["currency"],
            )
        )
    return costs


def _price(
    sms: OutgoingSms, settings: Mapping[str, str], costs: Mapping[str, Decimal]
) -> Money | None:
    cost = costs.get(country_of(sms.recipient), costs.get(_ELSEWHERE))
    if cost is None:
        return None
    currency = settings["currency"].upper()
    exact = (cost * count(text_of(sms, settings)).segments).scaleb(digits_of(currency))
    minor = int(exact)
    lot = int.from_bytes(sha256(sms.idempotency_key.encode()).digest()[:8]) / 2**64
    return Money(minor + (lot < exact - minor), currency)
