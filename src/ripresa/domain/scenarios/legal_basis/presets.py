"""The presets of legal bases, read from the data of the package."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

import msgspec

from ripresa.domain.scenarios.durations import parse_duration

EVERYWHERE = "*"
BY_COUNTRY = "by_country"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message must fulfil; what is None or False is not asked.

    `sent_before`: at most so many steps of the recovery were sent. `within`: so soon after the cart
    was left. `offer` False: without a coupon.
    """

    needs_consent: bool = False
    needs_order: bool = False
    sent_before: int | None = None
    offer: bool = True
    within: str | None = None

    @property
    def latest(self) -> timedelta | None:
        """`within`, as a span of time."""
        return None if self.within is None else parse_duration(self.within).at_least()


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names of the rules for one country by channel, with the law they come from."""

    channels: dict[str, tuple[str, ...]]
    law: str = ""
    sources: tuple[str, ...] = ()

    def rules_for(self, channel: str) -> tuple[str, ...]:
        """The rules of one channel, in the order in which they are asked."""
        return self.channels.get(channel) or self.channels[EVERYWHERE]


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Grounds by country (ISO 3166, or a group of countries)."""

    countries: dict[str, Ground]
    groups: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    def place_of(self, country: str | None) -> str:
        """Under which key of `countries` a country stands."""
        if country is not None and country in self.countries:
            return country
        groups = (name for name, members in self.groups.items() if country in members)
        return next(groups, EVERYWHERE)


class Presets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, of one version."""

    version: int
    rules: Mapping[str, Rule]
    presets: Mapping[str, Preset]


@lru_cache(maxsize=1)
def all_presets() -> Presets:
    """The presets that this program ships."""
    data = files("ripresa.domain.scenarios.legal_basis") / "presets.toml"
    return msgspec.toml.decode(data.read_bytes(), type=Presets)


def preset_names() -> tuple[str, ...]:
    """What a scenario file may name, the default first."""
    names = all_presets().presets
    return (BY_COUNTRY, *(name for name in names if name != BY_COUNTRY))
