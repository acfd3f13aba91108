"""What the documents say is there is there, and what is there is said."""

import re
from collections.abc import Iterator

import pytest
import typer.main
from msgspec import inspect

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.events import EventType, StoreEvent
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.contracts.rejections import RejectionCode
from ripresa.domain.scenarios.file import scenario_file, steps_of_file
from ripresa.domain.scenarios.file.conditions_of_file import FACTS
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.legal_basis.presets import BY_COUNTRY, shipped
from ripresa.entrypoints.cli.app import app
from ripresa.usecases.scenarios.publish_scenario import check_scenario
from tests.architecture.tree import DOCS, ROOT, SRC, relative, walk

PAGES = [path for path in walk() if path.suffix == ".md"]
_LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")


def _text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def _code_words(page: str) -> set[str]:
    """What stands in `code` on a page."""
    return set(re.findall(r"`([^`\n]+)`", _text(page)))


def _examples(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", _text(page), re.MULTILINE | re.DOTALL)


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_leads_somewhere(page):
    dead = []
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file) if file else page
        if not target.exists() or (
            anchor and anchor not in _anchors(target.read_text(encoding="utf-8"))
        ):
            dead.append(link)
    assert dead == []


def test_every_page_can_be_found():
    """From docs/README.md, by links alone."""
    seen, ahead = set(), [DOCS / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or not page.is_file():
            continue
        seen.add(page)
        if page.suffix == ".md":
            links = _LINK.findall(page.read_text(encoding="utf-8"))
            ahead += [(page.parent / link.partition("#")[0]).resolve() for link in links]
    lost = [relative(page) for page in PAGES if page.is_relative_to(DOCS) and page not in seen]
    assert lost == []


def test_the_architecture_names_what_exists():
    named = [
        word
        for word in _code_words("explanation/architecture.md")
        if "/" in word and re.fullmatch(r"[\w./-]+", word) and not word.startswith("/")
    ]
    assert len(named) > 20
    assert [
        word for word in named if not (ROOT / word).exists() and not (SRC / word).exists()
    ] == []


def test_every_folder_of_the_program_is_in_the_architecture():
    folders = {path.name for path in SRC.iterdir() if (path / "__init__.py").exists()}
    text = _text("explanation/architecture.md")
    assert [name for name in sorted(folders) if f"`{name}/`" not in text] == []
    slices = {path.name for path in (SRC / "domain").iterdir() if (path / "__init__.py").exists()}
    assert [name for name in sorted(slices) if f"`{name}`" not in text] == []


def _commands() -> dict[str, list[str]]:
    """Command -> its options, as the program itself has them."""

    def walk_down(command, path: list[str]) -> Iterator[tuple[str, list[str]]]:
        for name, each in getattr(command, "commands", {}).items():
            if not each.hidden:
                yield from walk_down(each, [*path, name])
        if not hasattr(command, "commands"):
            shown = [one for one in command.params if not getattr(one, "hidden", False)]
            yield " ".join(path), [name for one in shown for name in one.opts if name[:2] == "--"]

    return dict(walk_down(typer.main.get_command(app), []))


def test_every_command_and_option_is_told():
    rows = {
        match[1]: match[0]
        for match in re.finditer(
            r"^\| `ripresa ([a-z]+(?:[ -][a-z]+)*).*$",
            _text("reference/command-line.md"),
            re.MULTILINE,
        )
    }
    rows["simulate"] += _text("reference/simulate.md")
    commands = _commands()
    assert set(rows) == set(commands)
    untold = {
        name: missing
        for name, options in commands.items()
        if (missing := [option for option in options if option not in rows[name]])
    }
    assert untold == {}


def test_every_setting_is_told_and_no_other():
    source = (SRC / "core" / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"(RIPRESA_[A-Z_]+|DATABASE_URL)"', source))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", _text("reference/settings.md"), re.MULTILINE))
    assert told == read


def test_every_reason_is_told_and_no_other():
    page = _text("reference/reasons.md")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [each.value for each in Reason]
    assert re.findall(r"^## `(\w+)`", page, re.MULTILINE) == [each.value for each in Outcome]
    # All of them are given by now: none may be called a thing of later versions.
    assert re.findall(r"^\| `(\w+)` \|.*\(later\)", page, re.MULTILINE) == []


def test_every_type_and_code_of_events_is_told():
    words = _code_words("reference/events.md")
    internal = {EventType.CONTACT_MERGE, EventType.CONTACT_SPLIT}
    types = {each.value for each in EventType if each not in internal}
    assert types - words == set()
    assert {each.value for each in RejectionCode} - words == set()


def _limits(kind: inspect.Type, path: str) -> Iterator[tuple[str, int]]:
    """(field, most characters or entries) of everything that has a bound."""
    if isinstance(kind, inspect.UnionType):
        kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from _limits(field.type, f"{path}.{field.encode_name}".lstrip("."))
    elif isinstance(kind, inspect.VarTupleType):
        if kind.max_length is not None:
            yield path, kind.max_length
        yield from _limits(kind.item_type, f"{path}[]")
    elif isinstance(kind, inspect.StrType) and kind.max_length is not None:
        yield path, kind.max_length


def test_the_longest_values_are_those_of_the_contract():
    section = _text("reference/events.md").partition("### Longest values")[2].partition("\n## ")[0]
    told = {
        field: int(row[2])
        for row in re.finditer(r"^\| (`.+`) \| (\d+) \|$", section, re.MULTILINE)
        for field in re.findall(r"`([^`]+)`", row[1])
    }
    assert told == dict(_limits(inspect.type_info(StoreEvent), ""))


def test_the_scenarios_of_the_how_to_are_sound():
    first, second = (
        check_scenario(example, file_name="example.yaml")
        for example in _examples("how-to/write-a-scenario.md", "yaml")
    )
    assert [len(branch.steps) for branch in first.branches] == [3]
    assert [len(branch.steps) for branch in second.branches] == [1, 2]


def test_every_key_of_scenario_files_is_told_and_no_other():
    page = _text("reference/scenario-file.md")
    told = {
        word.replace(".<channel>", "")
        for row in re.findall(r"^\| (`.+?`) \|", page, re.MULTILINE)
        for word in re.findall(r"`([^`]+)`", row)
    }
    for key in told - set(FACTS) - {"all", "any", "not"}:
        # Asked for what it can't be, a key that there is complains of its value.
        assert not _is_unknown(key), key
    assert set(FACTS) <= told
    assert set(scenario_file.KEYS) - {key.partition(".")[0] for key in told} == set()
    assert set(steps_of_file.KEYS) - {key.partition(".")[0] for key in told} == set()


def _is_unknown(key: str) -> bool:
    """Whether the reader of scenario files knows no such key, at the top, in a branch or in a step."""
    *above, name = key.split(".")
    entry = f"{{{name}: }}"
    for each in reversed(above):
        entry = f"{{{each}: {entry}}}"
    texts = (entry, f"{{branches: [{entry}]}}", f"{{steps: [{entry}]}}")
    return all(f"{key}: unknown key" in "\n".join(_problems(text)) for text in texts)


def _problems(text: str) -> list[str]:
    try:
        check_scenario(text, file_name="example.yaml")
    except ScenarioInvalid as wrong:
        return wrong.lines()
    return []


def test_the_legal_bases_are_told_as_they_are():
    page = _text("reference/legal-bases.md")
    told = dict(re.findall(r"^\| `(\S+)` \| (.+) \|$", page, re.MULTILINE))
    known = shipped()
    assert set(known.presets) | set(known.rules) <= set(told)
    for place, ground in known.presets[BY_COUNTRY].countries.items():
        rules = [name.strip(" `") for name in told[place].split("|")[:3]]
        assert rules == [ground.rules_for(channel)[-1] for channel in ("email", "sms", "letter")]


def test_the_events_of_the_how_to_keep_the_contract():
    (example,) = _examples("how-to/import-events.md", "json")
    outcomes = [decode_event(line.encode()) for line in example.splitlines()]
    assert [type(outcome) for outcome in outcomes] == [StoreEvent, StoreEvent]
