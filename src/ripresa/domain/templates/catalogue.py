"""The templates that Ripresa ships: a layout for each family, words for each language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from ripresa.domain.templates.blocks.looks import SHIPPED, Slots, foot_in_markup
from ripresa.domain.templates.blocks.shipped_words import presets, shared_words, words_of
from ripresa.domain.templates.compile import (
    CompiledTemplate,
    CompiledText,
    TemplateSource,
    compile_template,
    compile_text,
)
from ripresa.domain.templates.letters.compiling import CompiledLetter, compile_letter
from ripresa.domain.templates.letters.source import parse_letter

AGENT = "agent"
_TO_CUSTOMERS = ("email", "sms", "letter")
# Preset -> layout of its mail. The keys are the names that scenario files use.
_LAYOUTS: Mapping[str, str] = {
    "reminder": "cart",
    "second_reminder": "cart",
    "last_reminder": "cart",
    "agent_reminder": "letter",
    "thank_you": "note",
    "agent_notice": "notice",
}
# The same for its letter. Every short message has one layout.
_POST: Mapping[str, str] = {
    "reminder": "post_cart",
    "second_reminder": "post_cart",
    "last_reminder": "post_cart",
    "agent_reminder": "post_letter",
    "thank_you": "post_note",
}
_NOTICES = frozenset({"agent_notice"})
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


def is_preset(name: str) -> bool:
    """Whether Ripresa ships a template of this name: no shop's own may bear it."""
    return name in _LAYOUTS


def languages_of(name: str) -> tuple[str, ...]:
    """The languages that a preset speaks."""
    return _languages(name)


def spoken_languages() -> tuple[str, ...]:
    """The languages in which everything that is shipped speaks."""
    return tuple(sorted(set.intersection(*(set(_languages(name)) for name in _LAYOUTS))))


def preset_words(name: str, language: str) -> dict[str, str]:
    """What a preset says in a language, by slot. Raises KeyError for one that is not shipped."""
    if name not in _LAYOUTS or language not in _languages(name):
        raise KeyError(f"{name} in {language}")
    return _all_words(name, language)


def layout_of(name: str) -> str:
    """The family of a preset's mail: cart, letter, note or notice."""
    return _LAYOUTS[name]


def preset_sms(name: str, language: str) -> str:
    """The short message of a preset as an author would have written it."""
    words = preset_words(name, language)
    return _SLOT.sub(lambda slot: words[slot[1]], _layout("sms.txt")).rstrip("\n")


def _describe(name: str) -> Preset:
    languages = _languages(name)
    used = frozenset[str]().union(*(_compiled(name, one, SHIPPED).fields_used for one in languages))
    needs_agent = name not in _NOTICES and any(field.startswith("agent.") for field in used)
    channels = (AGENT,) if name in _NOTICES else _TO_CUSTOMERS
    return Preset(name, languages, channels, needs_agent)


def find_preset(name: str, language: str, look: Slots = SHIPPED) -> CompiledTemplate | None:
    """The mail of a preset in exactly this language, compiled once; None where there is none."""
    if name not in _LAYOUTS or language not in _languages(name):
        return None
    return _compiled(name, language, look)


Compiled = CompiledTemplate | CompiledText | CompiledLetter


def find_template(name: str, channel: str, language: str, look: Slots = SHIPPED) -> Compiled | None:
    """What a preset says in one channel, in exactly this language; None where there is none.

    `look` is that of a shop; what its own people get has none.
    """
    if (channel == AGENT) is not (name in _NOTICES):
        return None
    if channel in {"email", AGENT}:
        return find_preset(name, language, look)
    if name not in _LAYOUTS or language not in _languages(name):
        return None
    if channel == "letter":
        return _compiled_letter(name, language)
    return _compiled_text(name, language)


@lru_cache(maxsize=256)
def speaks(name: str, channel: str, language: str) -> bool:
    """Whether a preset says anything in this channel and language."""
    return find_template(name, channel, language) is not None


def needs_coupon(name: str, channel: str, language: str) -> bool:
    """Whether a preset says nothing without a coupon: a sentence would have a hole."""
    found = find_template(name, channel, language)
    return found is not None and found.needs_coupon


def preset_source(name: str, language: str, look: Slots = SHIPPED) -> TemplateSource:
    """The preset as an author would have written it, in a shop's look.

    Raises KeyError for a name or language that `list_presets` does not show.
    """
    if name not in _LAYOUTS or language not in _languages(name):
        raise KeyError(f"{name} in {language}")
    words, slots = _all_words(name, language), dict(look)
    in_markup = {slot: escape(said) for slot, said in words.items()} | slots
    in_markup["foot"] = foot_in_markup(slots["foot"])
    words["foot"] = slots["foot"]
    layout = _LAYOUTS[name]
    return TemplateSource(
        language=language,
        subject=words["subject"],
        mjml=_SLOT.sub(lambda slot: in_markup[slot[1]], _layout(f"{layout}.mjml")),
        text=_SLOT.sub(lambda slot: words[slot[1]], _layout(f"{layout}.txt")),
    )


@lru_cache(maxsize=512)
def _compiled(name: str, language: str, look: Slots) -> CompiledTemplate:
    source = preset_source(name, language, look)
    return compile_template(source, to_customer=name not in _NOTICES)


@lru_cache(maxsize=64)
def _compiled_text(name: str, language: str) -> CompiledText:
    return compile_text(language=language, subject="", text=preset_sms(name, language))


@lru_cache(maxsize=64)
def _compiled_letter(name: str, language: str) -> CompiledLetter:
    words = _all_words(name, language)
    source = parse_letter(_layout(f"{_POST[name]}.yaml"))
    spoken = source.with_words(lambda said: _SLOT.sub(lambda slot: words[slot[1]], said))
    return compile_letter(spoken, language)


@lru_cache(maxsize=16)
def _languages(name: str) -> tuple[str, ...]:
    there = (file.name.removesuffix(".toml") for file in (presets() / name).iterdir())
    return tuple(sorted(there))


def _all_words(name: str, language: str) -> dict[str, str]:
    return shared_words(language) | words_of(name, language)


def _layout(name: str) -> str:
    return (presets() / "layouts" / name).read_text(encoding="utf-8")
