"""How a provider is declared: its settings, how to open it, how to read what it tells.

Each folder under `channels/` says one `Provider` in `provider.py`; the registry in `entrypoints`
lists them, a line each. Settings are kept per shop, the secret ones encrypted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from ripresa.contracts.calling.asking import Tried
from ripresa.contracts.calling.sayings import Saying, say
from ripresa.contracts.channel import Channel
from ripresa.contracts.feedback import FeedbackReader

_SHORT = frozenset({"url", "dkim", "api", "id"})


class BadSettings(ValueError):
    """A provider can't be opened with these settings; the message names the setting and the remedy."""


class MessageKind(StrEnum):
    """What a provider carries."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    NOTICE = "notice"  # to agents, beside e-mail
    MAILBOX = "mailbox"  # nothing out: it brings in what comes back, bounces and replies


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a provider has to be told. A secret one is never shown again."""

    name: str
    help: str
    is_secret: bool = False
    default: str | None = None  # None: must be given

    @property
    def label(self) -> str:
        """Its name as a label: `dkim_domain` is DKIM domain."""
        first, *others = self.name.split("_")
        return " ".join([first.upper() if first in _SHORT else first.capitalize(), *others])

    @property
    def as_said(self) -> Saying:
        """Its help as part of a sentence."""
        return Saying.made_of(self.help.replace("{", "{{").replace("}", "}}"), {})


class Declared:
    """Whoever has to be told things before it can be used: a provider, a connector."""

    __slots__ = ()
    name: str
    settings: tuple[Setting, ...]

    @property
    def secret_names(self) -> frozenset[str]:
        """The settings that are never shown again."""
        return frozenset(one.name for one in self.settings if one.is_secret)

    def complete(self, given: Mapping[str, str]) -> dict[str, str]:
        """`given` with defaults filled in. Raises BadSettings: one it does not know, or one missing."""
        known = {one.name: one for one in self.settings}
        if unknown := sorted(given.keys() - known.keys()):
            there = ", ".join(known) or "none"
            raise BadSettings(
                say(
                    "{name} has no setting {unknown!r}; there are: {there}",
                    name=self.name,
                    unknown=unknown[0],
                    there=there,
                )
            )
        complete = {name: given.get(name, one.default) for name, one in known.items()}
        for name, value in complete.items():
            if value is None:
                raise BadSettings(
                    say(
                        "{name} has to be told {setting}: {help}",
                        name=self.name,
                        setting=name,
                        help=known[name].as_said,
                    )
                )
        return {name: value for name, value in complete.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left on an account: `amount` in `unit` (an ISO 4217 code, or `points`), as a decimal string."""

    amount: str
    unit: str


@runtime_checkable
class HasBalance(Protocol):
    """A channel whose provider tells what is left."""

    def balance(self, *, timeout: timedelta) -> Balance | None:
        """What is left; None: not told just now."""
        ...


@runtime_checkable
class CanBeTried(Protocol):
    """A channel that can sign in as for a message, and send none."""

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Sign in, and say what was found."""
        ...


@dataclass(frozen=True, slots=True)
class Provider(Declared):
    """A provider as it is offered. `settings` passed on are complete: defaults filled in, all text.

    `open` and `reader` raise BadSettings. `reader` None: it tells nothing after the hand-over.
    """

    name: str
    label: str
    kind: MessageKind
    settings: tuple[Setting, ...]
    open: Callable[[Mapping[str, str]], Channel[Any]]
    reader: Callable[[Mapping[str, str]], FeedbackReader] | None = None
