"""The presets of legal bases: those of the package, and what an installation puts in their place."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec

from ripresa.core import config
from ripresa.core.config import ConfigError
from ripresa.domain.scenarios.durations import NotADuration, parse_duration

EVERYWHERE = "*"
BY_COUNTRY = "by_country"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message must fulfil; what is None or False is not asked.

    `sent_before`: at most so many steps of the recovery were sent. `within`: so soon after the cart
    was left. `offer` False: without a coupon. `bought_within`: an order of hers so short ago. `texts_before`:
    at most so many texts of the recovery were sent.
    """

    needs_consent: bool = False
    needs_order: bool = False
    sent_before: int | None = None
    offer: bool = True
    within: str | None = None
    bought_within: str | None = None
    texts_before: int | None = None

    @property
    def latest(self) -> timedelta | None:
        """`within`, as a span of time."""
        return _span(self.within)

    @property
    def order_age(self) -> timedelta | None:
        """`bought_within`, as a span of time."""
        return _span(self.bought_within)

    @property
    def is_plain_consent(self) -> bool:
        """Whether it asks for a yes and nothing else."""
        return self == Rule(needs_consent=True)


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


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of presets, of one version."""

    version: int
    presets: dict[str, Preset]
    rules: dict[str, Rule] = msgspec.field(default_factory=dict)
    as_of: date | None = None


class Found(NamedTuple):
    """A preset, the rules that it names, and the version it is of: `1`, or `own1`."""

    preset: Preset
    rules: Mapping[str, Rule]
    version: str


def _span(text: str | None) -> timedelta | None:
    return None if text is None else parse_duration(text).at_least()


def find_preset(name: str) -> Found:
    """The preset of that name: this installation's own, else the shipped one. Raises KeyError."""
    return _presets()[name]


def preset_names() -> tuple[str, ...]:
    """What a scenario file may name, the default first."""
    return (BY_COUNTRY, *(name for name in _presets() if name != BY_COUNTRY))


def shipped_text() -> str:
    """The shipped file: what an own one can start from."""
    data = files("ripresa.domain.scenarios.legal_basis") / "presets.toml"
    return data.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shipped() -> Book:
    """The presets that this program ships."""
    return msgspec.toml.decode(shipped_text(), type=Book)


@lru_cache(maxsize=1)
def _presets() -> Mapping[str, Found]:
    """All of them. Raises ConfigError where the installation's own file is wrong."""
    ours = shipped()
    found = {
        name: Found(preset, ours.rules, str(ours.version)) for name, preset in ours.presets.items()
    }
    if (path := config.legal_bases_file()) is not None:
        own = _read(path)
        rules = ours.rules | own.rules
        for name, preset in own.presets.items():
            _check(path, f"presets.{name}", preset, rules)
            found[name] = Found(preset, rules, f"own{own.version}")
    return found


def check() -> None:
    """Refuse, before anything runs, a file of own presets that is wrong. Raises ConfigError."""
    _presets()


def _read(path: Path) -> Book:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Book)
    except OSError as problem:
        raise _wrong(path, f"can't be read: {problem.strerror}") from None
    except (msgspec.DecodeError, ValueError) as problem:
        raise _wrong(path, str(problem)) from None


def _check(path: Path, place: str, preset: Preset, rules: Mapping[str, Rule]) -> None:
    if EVERYWHERE not in preset.countries:
        raise _wrong(path, f'{place} says nothing for countries."*"')
    for country, ground in preset.countries.items():
        if EVERYWHERE not in ground.channels:
            raise _wrong(path, f'{place}.countries.{country} says nothing for channels "*"')
        for name in {name for names in ground.channels.values() for name in names}:
            if name not in rules:
                known = ", ".join(rules)
                raise _wrong(
                    path, f"{place}.countries.{country}: no rule {name!r}; there are: {known}"
                )
            for field in ("within", "bought_within"):
                try:
                    _span(getattr(rules[name], field))
                except NotADuration as problem:
                    raise _wrong(path, f"rules.{name}.{field}: {problem}") from None


def _wrong(path: Path, message: str) -> ConfigError:
    return ConfigError(f"RIPRESA_LEGAL_BASES {path}: {message}")
