"""Fields of forms over a file: between what stands in it and what a person types."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.typed import TooLong, cleaned, line, one_line
from ripresa.console.layout.writing import number_in_words
from ripresa.domain.scenarios.durations import Duration, NotADuration, parse_duration
from ripresa.domain.scenarios.file.editing import Path, ScenarioText

UNITS: Mapping[str, Promise | str] = {
    "m": gettext_lazy("minutes"),
    "h": gettext_lazy("hours"),
    "d": gettext_lazy("days"),
    "mo": gettext_lazy("months"),
}
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
AS_WRITTEN = "as-written"


@dataclass(slots=True)
class Field:
    """One field of a form: its name, what it holds as text, a duration's unit, and what is wrong."""

    name: str
    value: str = ""
    unit: str = ""
    problem: str = ""

    @property
    def id(self) -> str:
        """The id of its input."""
        return f"f-{self.name}"


class Form(dict[str, Field]):
    """The fields of a step by name."""

    @property
    def problems(self) -> list[Field]:
        """The fields that hold something wrong."""
        return [field for field in self.values() if field.problem]

    def show(self, name: str, value: object) -> Field:
        """A field with what the file says."""
        self[name] = field = Field(name, "" if value is None else str(value))
        return field

    def show_duration(self, name: str, value: object) -> Field:
        """A duration as a number and a unit; one that has both months and days stays as written."""
        field = self.show(name, value)
        try:
            duration = parse_duration(field.value) if field.value else None
        except NotADuration:
            duration = None
            field.unit = AS_WRITTEN
        if duration is None:
            field.unit = field.unit or "h"
        elif duration.months and duration.seconds:
            field.unit = AS_WRITTEN
        else:
            field.value, field.unit = _split(duration)
        return field

    def typed(self, post: Mapping[str, str], wrong: Mapping[str, str]) -> None:
        """Show again what was typed where it was wrong, and why."""
        for name, problem in wrong.items():
            if name in self:
                self[name].value = one_line(post.get(name, ""))
                self[name].unit = post.get(f"{name}-unit", "")
                self[name].problem = problem


def _split(duration: Duration) -> tuple[str, str]:
    """The biggest unit that leaves no rest."""
    if duration.months:
        return str(duration.months), "mo"
    if not duration.seconds:
        return "0", "h"
    unit = next(unit for unit, size in _SECONDS.items() if duration.seconds % size == 0)
    return str(duration.seconds // _SECONDS[unit]), unit


def typed_duration(number: str, unit: str) -> Duration | None:
    """A number with the unit beside it, or a span that bears its own: 36h, 2d12h. None: neither."""
    is_number = number.isascii() and number.isdigit() and unit in UNITS
    try:
        return parse_duration(f"{int(number)}{unit}" if is_number else number.lower())
    except NotADuration:
        return None


def no_number(least: int, most: int) -> str:
    """What to type where a whole number belongs."""
    said = {"least": number_in_words(least), "most": number_in_words(most)}
    return _("A whole number from %(least)s to %(most)s.") % said


def no_duration(typed: str) -> str:
    """What to type where `typed` is no span of time: a number is one, unless it is too long."""
    if typed.isdigit():
        return _("At most ten years.")
    return _("A whole number, like 4. Or a span like 36h, 90m or 2d12h.")


class Taking:
    """Takes a form's fields into the file; what is wrong stays out of it and is remembered."""

    def __init__(self, scenario: ScenarioText, post: Mapping[str, str]) -> None:
        self.scenario = scenario
        self.post = post
        self.wrong: dict[str, str] = {}

    def word(self, name: str, path: Path, *, usual: str = "") -> None:
        """A text or a choice; empty or the usual one: the file need not say it."""
        if name not in self.post:
            return
        try:
            value = line(self.post[name])
        except TooLong as long:
            self.wrong[name] = long.words
            return
        if value != str(self.scenario.get(*path, default=usual)):
            self.scenario.put(path, value if value and value != usual else None)

    def duration(self, name: str, path: Path, *, usual: str = "") -> None:
        """A number and its unit, written as files write them: 36h, 2d. `usual`: never empty."""
        if name not in self.post or self.post.get(f"{name}-unit") == AS_WRITTEN:
            return
        number, unit = cleaned(self.post[name]), self.post.get(f"{name}-unit", "h")
        if not number and not usual:
            self.scenario.put(path, None)
            return
        typed = typed_duration(number, unit)
        if typed is None:
            self.wrong[name] = no_duration(number)
        elif not self._says(path, typed, usual):
            self.scenario.put(path, f"{int(number)}{unit}" if number.isdigit() else str(typed))

    def _says(self, path: Path, typed: Duration, usual: str) -> bool:
        """Whether the file says the same already, in whatever words."""
        try:
            return parse_duration(str(self.scenario.get(*path, default=usual))) == typed
        except NotADuration:
            return False

    def whole(
        self, name: str, path: Path, *, least: int, most: int, usual: int | None = None
    ) -> None:
        """A whole number, or nothing."""
        if name not in self.post:
            return
        text = cleaned(self.post[name])
        if not text:
            self.scenario.put(path, None)
        elif text == str(self.scenario.get(*path, default=usual)):
            return
        elif text.isascii() and text.lstrip("-").isdigit() and least <= int(text) <= most:
            self.scenario.put(path, int(text))
        else:
            self.wrong[name] = no_number(least, most)

    def percent(self, name: str) -> Decimal | None:
        """A share of a hundred with at most two decimals; None: nothing, or wrong."""
        text = cleaned(self.post.get(name)).replace(",", ".").removesuffix("%").strip()
        if not text:
            return None
        try:
            share = Decimal(text)
        except InvalidOperation:
            share = Decimal(-1)
        if not share.is_finite() or not 0 <= share <= 100 or share != round(share, 2):  # noqa: PLR2004
            self.wrong[name] = _("A number from 0 to 100.")
            return None
        return share.normalize()


def plain(share: Decimal) -> int | float:
    """A share as files write it."""
    return int(share) if share == int(share) else float(share)
