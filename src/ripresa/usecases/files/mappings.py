"""Named mappings: what the export of another program calls its columns. One file each, beside this module."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.manner import Manner, NotAManner

_FOLDER = Path(__file__).parent / "mappings"
VERIFIED = ("export", "documentation", "guess")


class NoSuchMapping(Exception):
    """There is no mapping of that name, or it can't be read; the message says what there is."""


class NamedMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one program's export is read. `columns`: heading by field; several, parted by |, any of them.

    `verified`: against a real export, by documentation alone, or not at all. `states`: what its words for a
    consent or an order's state mean.
    """

    label: str
    kind: str
    verified: str
    source: str
    columns: Mapping[str, str]
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""
    zone: str = ""
    currency: str = ""
    consent_source: str = ""
    states: Mapping[str, str] = {}

    def manner(self, said: Manner) -> Manner:
        """What the user says, with this mapping where nothing is said."""
        own = {
            name: getattr(self, name)
            for name in ("encoding", "delimiter", "decimal", "dates", "zone", "currency")
        }
        given = {name: value for name in own if (value := getattr(said, name))}
        return msgspec.structs.replace(
            said,
            **{**own, **given},
            columns={**self.columns, **said.columns},
            states={**self.states, **said.states},
            consent_source=said.consent_source or self.consent_source,
            is_named=True,
        )


def list_mappings() -> dict[str, NamedMapping]:
    """All mappings that are shipped, by name."""
    return {path.stem: _read(path) for path in sorted(_FOLDER.glob("*.toml"))}


def find_mapping(name: str, kind: str) -> NamedMapping:
    """The mapping of that name, or in that file. Raises NoSuchMapping."""
    path = Path(name) if name.endswith(".toml") else _FOLDER / f"{Path(name).name}.toml"
    if not path.is_file():
        there = ", ".join(each for each, one in list_mappings().items() if one.kind == kind)
        raise NoSuchMapping(f"there is no mapping {name!r} for {kind}; there are: {there}")
    found = _read(path)
    if found.kind != kind:
        raise NoSuchMapping(f"{name} is a mapping for {found.kind}, not for {kind}")
    return found


def _read(path: Path) -> NamedMapping:
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        found = msgspec.convert(said, NamedMapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise NoSuchMapping(f"{path.name} is no mapping: {wrong}") from None
    if found.kind not in KINDS or found.verified not in VERIFIED:
        raise NoSuchMapping(
            f"{path.name}: kind is one of {', '.join(KINDS)}, verified is one of {', '.join(VERIFIED)}"
        )
    if unknown := sorted(set(found.columns) - set(KINDS[found.kind].words)):
        raise NoSuchMapping(f"{path.name}: {found.kind} have no field {unknown[0]!r}")
    try:
        found.manner(Manner()).check()
    except NotAManner as wrong:
        raise NoSuchMapping(f"{path.name}: {wrong}") from None
    return found
