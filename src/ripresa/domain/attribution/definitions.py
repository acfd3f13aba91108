"""What each figure means: the one place that pages, API and documentation take it from. Pure.

The words are in definitions.toml, in the order in which figures are told.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from ripresa.core.sql import statement

# What no model can tell, said wherever models stand side by side.
NOTE = (
    "Every model shares out orders that were placed; none can tell which would have come without a "
    "message. Linear gives an idle first reminder as much as the letter that brought her back. "
    "Only a hold-out answers that."
)


class Definition(NamedTuple):
    """A figure in words: what it is called, what it counts, by which date, and which statements count it."""

    name: str
    title: str
    meaning: str
    dated: str
    counted_by: Sequence[str]


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Definition]:
    """All figures by name, in the order in which they are told."""
    path = files("ripresa.domain.attribution") / "definitions.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return {one["name"]: Definition(**one) for one in read["figure"]}


def statements() -> Mapping[str, str]:
    """The statements that count, as they run, by name: no figure comes from anything else."""
    names = dict.fromkeys(name for one in definitions().values() for name in one.counted_by)
    return {name: statement("ripresa.domain.attribution", name) for name in names}
