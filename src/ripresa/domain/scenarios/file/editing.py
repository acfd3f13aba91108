"""Changing a scenario file and keeping the rest as it was written: comments, order, style."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.document import MAX_CHARACTERS, read_document
from ripresa.domain.scenarios.file.scenario_file import KEYS

Path = Sequence[str | int]
_WIDTH = 4096  # no line is broken but where its writer broke it


class ScenarioText:
    """A scenario file as values that can be read and put, and written again."""

    def __init__(self, text: str, file_name: str = "scenario.yaml") -> None:
        """Raises ScenarioInvalid for what is no YAML mapping."""
        read_document(text, file_name)  # bounds size and depth, and names what is no YAML
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = _WIDTH
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        try:
            loaded = self._yaml.load(text)
        except YAMLError as problem:  # read_document has refused all that is known
            raise ValueError(str(problem)) from None
        self.top = loaded if isinstance(loaded, CommentedMap) else CommentedMap()

    def get(self, *path: str | int, default: Any = None) -> Any:
        """The value at a path like ("trigger", "idle"); `default` where there is none."""
        found: Any = self.top
        for part in path:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return default
        return found

    def put(self, path: Path, value: Any) -> None:
        """Set the value at a path; None takes it away, and what holds nothing any more as well.

        What is there already stays as its writer had it, quotes and comments included.
        """
        *parents, last = path
        there = self.get(*path)
        if there is not None and there == value and type(there) is not bool:
            return
        if value is None:
            self._take_away(parents, last)
            return
        holder: Any = self.top
        for part in parents:
            if isinstance(holder, dict) and not isinstance(holder.get(part), dict | list):
                self._insert(holder, str(part), one_line({}))
            holder = holder[part]
        if isinstance(holder, dict):
            self._insert(holder, str(last), value)
        else:
            holder[last] = value

    def _insert(self, holder: dict[Any, Any], key: str, value: Any) -> None:
        """Put a new key of the file where files usually have it; one that is there keeps its place."""
        top = self.top
        if key in holder or key not in KEYS or holder is not top:
            holder[key] = value
            return
        place = sum(1 for known in top if known in KEYS and KEYS.index(known) < KEYS.index(key))
        top.insert(place, key, value)

    def _take_away(self, parents: Path, last: str | int) -> None:
        holder = self.get(*parents)
        if not isinstance(holder, dict) or last not in holder:
            return
        del holder[last]
        # A mapping that was emptied by this says nothing any more; one step up the same may be true.
        if parents and not holder:
            *upper, part = parents
            self._take_away(upper, part)

    def text(self) -> str:
        """The file. Raises ValueError when it has grown too long to be read again."""
        out = io.StringIO()
        self._yaml.dump(self.top, out)
        written = out.getvalue()
        if len(written) > MAX_CHARACTERS:
            raise ValueError(
                say("a scenario file has at most {most} characters", most=MAX_CHARACTERS)
            )
        return written


def branches_of(scenario: ScenarioText) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The path to each list of steps, and the branch that it is of; a file may have steps alone."""
    listed = scenario.get("branches")
    if isinstance(listed, list):
        for number, branch in enumerate(listed):
            yield ("branches", number, "steps"), branch if isinstance(branch, dict) else {}
    else:
        yield ("steps",), {}


def steps_of(scenario: ScenarioText) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Path and content of every step of the file."""
    for path, _branch in branches_of(scenario):
        for number, step in enumerate(scenario.get(*path, default=()) or ()):
            if isinstance(step, dict):
                yield (*path, number), step


def one_line(value: dict[str, Any]) -> CommentedMap:
    """A mapping that is written on one line."""
    mapping = CommentedMap(value)
    mapping.fa.set_flow_style()
    return mapping


def one_line_list(values: Sequence[Any]) -> CommentedSeq:
    """A list that is written on one line."""
    listed = CommentedSeq(values)
    listed.fa.set_flow_style()
    return listed
