"""What each figure means: the one place that pages, API and documentation take it from. Pure.

The words are in definitions.toml, in the order in which figures are told.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

# What no model can tell, said wherever models stand side by side.
NOTE = (
    "Every model shares out orders that were placed; none can tell which would have come without a "
    "message. Linear gives an idle first reminder as much as the letter that brought her back. "
    "Only a hold-out answers that."
)


class Definition(NamedTuple):
    """A figure in words: what it is called, what it counts, and by which date."""

    name: str
    title: str
    meaning: str
    dated: str


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Definition]:
    """All figures by name, in the order in which they are told."""
    path = files("ripresa.domain.attribution") / "definitions.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return {one["name"]: Definition(**one) for one in read["figure"]}
