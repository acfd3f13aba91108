"""The templates that Ripresa ships: a layout for each family, words for each language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable

from ripresa.domain.templates.compile import CompiledTemplate, TemplateSource, compile_template

# Preset -> layout. The keys are the names that scenario files use.
_LAYOUTS: Mapping[str, str] = {
    "reminder": "cart",
    "second_reminder": "cart",
    "last_reminder": "cart",
    "agent_reminder": "letter",
}
_SLOT = re.compile(r"\[\[([a-z_]+)\]\]")


@dataclass(frozen=True, slots=True)
class Preset:
    """What a scenario may name as its template. `needs_agent`: the customer's agent signs it."""

    name: str
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    needs_agent: bool


def list_presets() -> list[Preset]:
    """Every preset, in the order in which a person would meet them."""
    return [_describe(name) for name in _LAYOUTS]


def _describe(name: str) -> Preset:
    languages = _languages(name)
    used = frozenset[str]().union(*(_compiled(name, one).fields_used for one in languages))
    needs_agent = any(field.startswith("agent.") for field in used)
    return Preset(name, languages, ("email",), needs_agent)


def find_preset(name: str, language: str) -> CompiledTemplate | None:
    """The preset in exactly this language, compiled once; None where there is none."""
    if name not in _LAYOUTS or language not in _languages(name):
        return None
    return _compiled(name, language)


def preset_source(name: str, language: str) -> TemplateSource:
    """The preset as an author would have written it: what an own template can start from.

    Raises KeyError for a name or language that `list_presets` does not show.
    """
    if name not in _LAYOUTS or language not in _languages(name):
        raise KeyError(f"{name} in {language}")
    words = _words("words", language) | _words(name, language)
    layout = _presets() / "layouts"
    mjml = (layout / f"{_LAYOUTS[name]}.mjml").read_text(encoding="utf-8")
    text = (layout / f"{_LAYOUTS[name]}.txt").read_text(encoding="utf-8")
    in_markup = {slot: escape(said) for slot, said in words.items()}
    return TemplateSource(
        language=language,
        subject=words["subject"],
        mjml=_SLOT.sub(lambda slot: in_markup[slot[1]], mjml),
        text=_SLOT.sub(lambda slot: words[slot[1]], text),
    )


@lru_cache(maxsize=64)
def _compiled(name: str, language: str) -> CompiledTemplate:
    return compile_template(preset_source(name, language))


@lru_cache(maxsize=16)
def _languages(name: str) -> tuple[str, ...]:
    there = (file.name.removesuffix(".toml") for file in (_presets() / name).iterdir())
    return tuple(sorted(there))


def _words(folder: str, language: str) -> dict[str, str]:
    text = (_presets() / folder / f"{language}.toml").read_text(encoding="utf-8")
    return {slot: str(said) for slot, said in tomllib.loads(text).items()}


def _presets() -> Traversable:
    return files("ripresa.domain.templates") / "presets"
