"""A payload read field by field: every complaint names the field as the platform calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from ripresa.contracts.plain_values import is_decimal, is_id
from ripresa.contracts.rejections import Invalid, Rejection
from ripresa.contracts.rejections import RejectionCode as Code
from ripresa.contracts.validation import utc_instant


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of a payload; `path` says where it stands (empty: the payload itself).

    `problems` gathers, for the payload and all its parts, details that were left out. null and
    blank texts count as absent.
    """

    values: Mapping[str, Any]
    path: str = ""
    problems: list[Rejection] = field(default_factory=list)

    def at(self, name: str) -> str:
        """The path of a field: `line_items[0].price`."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether something other than null is there."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str | None:
        """A text, or a whole number as text; anything else is noted as a problem and absent."""
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is None or isinstance(value, str):
            return value.strip() or None if value else None
        self._note(name, Code.WRONG_TYPE, "must be text")
        return None

    def flag(self, name: str) -> bool:
        """Whether it is true; anything but true, false and null is noted as a problem."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            self._note(name, Code.WRONG_TYPE, "must be true or false")
        return value is True

    def required(self, name: str) -> str:
        """An id that must be there. Raises Invalid."""
        value = self.text(name)
        if value is None:
            raise Invalid(self.at(name), Code.MISSING, "is needed")
        if not is_id(value):
            raise Invalid(self.at(name), Code.NOT_AN_ID)
        return value

    def amount(self, name: str) -> str | None:
        """A decimal text. Raises Invalid, for binary fractions too: they are no money.

        A payload with amounts as numbers is to be parsed with `parse_float=Decimal`.
        """
        value = self.values.get(name)
        if value is None:
            return None
        is_exact = isinstance(value, int | Decimal) and not isinstance(value, bool)
        text = format(value, "f") if is_exact else value
        if not isinstance(text, str) or not is_decimal(text):
            raise Invalid(self.at(name), Code.NOT_A_DECIMAL)
        return text

    def instant(self, name: str, *, without_offset: tzinfo | None = None) -> datetime | None:
        """An instant in UTC, from ISO 8601 with an offset. Raises Invalid.

        `without_offset`: the zone of instants that carry none; None: those are refused.
        """
        value = self.values.get(name)
        if value is None:
            return None
        try:
            parsed = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            parsed = None
        if parsed is not None and parsed.tzinfo is None and without_offset is not None:
            parsed = parsed.replace(tzinfo=without_offset)
        if parsed is None or parsed.tzinfo is None:
            raise Invalid(self.at(name), Code.NOT_AN_INSTANT)
        return utc_instant(self.at(name), parsed)

    def part(self, name: str) -> "Fields":
        """An object inside; empty if absent, and, noted as a problem, if it is something else."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            self._note(name, Code.NOT_AN_OBJECT)
            value = None
        return Fields(value or {}, self.at(name), self.problems)

    def parts(self, name: str) -> "list[Fields]":
        """The objects of a list; empty if absent. Raises Invalid."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Invalid(self.at(name), Code.WRONG_TYPE, "must be a list")
        found = []
        for index, each in enumerate(value):
            path = f"{self.at(name)}[{index}]"
            if not isinstance(each, dict):
                raise Invalid(path, Code.NOT_AN_OBJECT)
            found.append(Fields(each, path, self.problems))
        return found

    def required_parts(self, name: str) -> "list[Fields]":
        """The objects of a list that must be there. Raises Invalid."""
        if not self.has(name):
            raise Invalid(self.at(name), Code.MISSING, "is needed")
        return self.parts(name)

    def note(self, wrong: Invalid) -> None:
        """What was left out, and why."""
        self.problems.append(wrong.rejection(0))

    def _note(self, name: str, code: Code, advice: str | None = None) -> None:
        self.note(Invalid(self.at(name), code, advice))
