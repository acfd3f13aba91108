"""Whom a campaign file is for: a saved segment, or a condition of its own."""

from typing import NamedTuple

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.document import Value, given
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.file.words_of_file import read_name_of
from ripresa.domain.segments.conditions import Condition
from ripresa.domain.segments.reading import read_condition


class Whom(NamedTuple):
    """One of them is given."""

    segment: str | None = None
    condition: Condition | None = None


def read_audience(value: Value, around: Surroundings) -> Whom:
    """`{segment: NAME}`, or `{when: …}` as in a segment file."""
    found = value.entries(("segment", "when"))
    if value.is_mapping and ("segment" in found) == ("when" in found):
        value.fail(say("must have either segment: NAME or when: with a condition"))
    return Whom(
        given(found, "segment", lambda one: read_name_of(one, "segment", around.segments), None),
        given(found, "when", lambda one: read_condition(one, around.currency), None),
    )
