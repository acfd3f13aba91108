"""Which column of a table holds which field, by what its first row says."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ripresa.core.words.patterned import Patterned


class NamedColumns(NamedTuple):
    """Places from 0 by field. `names`: the first row, if it names the columns; else None."""

    places: Mapping[str, int]
    names: tuple[str, ...] | None

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """What a row says of each field, without blanks around it; "" where it says nothing."""
        return {
            field: row[at].strip() if at < len(row) else "" for field, at in self.places.items()
        }


class ColumnUnclear(Patterned, ValueError):
    """It can't be told which column is meant; the message names those there are."""


def choose_named(
    sample: Sequence[Sequence[str]],
    *,
    words: Mapping[str, str],
    said: Mapping[str, str],
    has_names: bool | None = None,
) -> NamedColumns:
    """Choose the columns of a table by its first rows, none of them blank.

    `words`: what people call each field, in plain letters, parted by blanks. `said`: a column's name or
    number (from 1) by field, where the user says. `has_names`: whether the first row names the columns.
    Raises ColumnUnclear.
    """
    first = tuple(sample[0])
    if unknown := sorted(set(said) - set(words)):
        raise ColumnUnclear(
            "there is no field {field}; there are: {there}",
            field=repr(unknown[0]),
            there=", ".join(words),
        )
    known = {field: frozenset(text.split()) for field, text in words.items()}
    if has_names is None:
        plain = {plain_name(cell) for cell in first}
        by_name = any(not text.isdecimal() for text in said.values())
        has_names = by_name or any(plain & each for each in known.values())
    names = first if has_names else None
    places = {field: place_of(text, first, names) for field, text in said.items()}
    for field, each in known.items():
        found = [at for at, name in enumerate(names or ()) if plain_name(name) in each]
        if field not in places and len(found) == 1 and found[0] not in places.values():
            places[field] = found[0]
    return NamedColumns(places, names)


def place_of(said: str, first: Sequence[str], names: Sequence[str] | None) -> int:
    """The place from 0 of the column of that name or number. Raises ColumnUnclear."""
    if said.isdecimal():
        if not 1 <= int(said) <= len(first):
            raise ColumnUnclear(
                "there is no column {column}: the first row is {row}",
                column=said,
                row=first_row(first),
            )
        return int(said) - 1
    found = [at for at, name in enumerate(names or ()) if plain_name(name) == plain_name(said)]
    if not found:
        raise ColumnUnclear(
            "no column is called {column}: the first row is {row}",
            column=repr(said),
            row=first_row(first),
        )
    if len(found) > 1:
        raise ColumnUnclear(
            "more than one column is called {column}: the first row is {row}",
            column=repr(said),
            row=first_row(first),
        )
    return found[0]


def plain_name(name: str) -> str:
    """A name without what people write differently: capitals, spaces, hyphens, underscores."""
    return "".join(each for each in name.casefold() if each.isalnum())


def first_row(first: Sequence[str]) -> str:
    """The first row, for a message."""
    return ", ".join(f"{at} {cell.strip()[:30]!r}" for at, cell in enumerate(first[:20], start=1))
