"""Settings as they are kept: the open ones as they are, the secret ones sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings, Declared
from ripresa.core.config import load
from ripresa.core.secrets.box import SecretBox

LONGEST_NAME = 60


class Kept(NamedTuple):
    """Settings in two parts: those that may be shown, and the secret ones, sealed."""

    shown: dict[str, str]
    sealed: bytes


class Row(Protocol):
    """A stored row with settings: an account, a connection."""

    @property
    def settings(self) -> dict[str, str]:
        """The open ones."""

    @property
    def secrets(self) -> bytes | memoryview:
        """The sealed ones, as the database gives them."""


@dataclass(frozen=True)
class SealedSettings:
    """Parts, completes and puts together again what somebody has to be told."""

    box: SecretBox | None = field(default=None, repr=False)  # None: that of this install

    def opened_box(self) -> SecretBox:
        """The box that seals: keys of the install are read anew each time."""
        return self.box or SecretBox.of(load())

    def part(self, declared: Declared, given: Mapping[str, str]) -> Kept:
        """`given` with defaults filled in, as it is kept. Raises BadSettings."""
        complete = declared.complete(given)
        hidden = {name: complete[name] for name in declared.secret_names}
        shown = {name: value for name, value in complete.items() if name not in hidden}
        return Kept(shown, self.opened_box().seal(hidden))

    def changed(self, declared: Declared, row: Row, given: Mapping[str, str]) -> dict[str, str]:
        """What a row keeps with `given` laid over it, not completed. Raises CannotOpen."""
        secret = declared.secret_names
        # Where every secret is given anew, the old ones need not be readable any more.
        kept = {} if secret and secret <= given.keys() else self.secrets(row)
        return {**row.settings, **kept, **given}

    def whole(self, declared: Declared, row: Row) -> dict[str, str]:
        """All that was told, secrets and defaults too. Raises BadSettings, CannotOpen."""
        given = {**row.settings, **self.secrets(row)}
        # What a newer release no longer asks for is no reason to stop.
        known = {one.name for one in declared.settings}
        return declared.complete({name: given[name] for name in given.keys() & known})

    def secrets(self, row: Row) -> dict[str, str]:
        """The secrets of a row. Raises CannotOpen."""
        return self.opened_box().open(bytes(row.secrets))


def checked_name(name: str) -> str:
    """The name that somebody gives to an account or a connection. Raises BadSettings."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadSettings(say("a name has from 1 to {most} characters", most=LONGEST_NAME))
    return name.strip()
