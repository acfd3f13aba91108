"""The words that Ripresa ships, read from their files: a folder for each preset, a file for each language."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable


def shared_words(language: str) -> dict[str, str]:
    """What every template says in a language: rows of a cart, footer, coupon."""
    return words_of("words", language)


def words_of(folder: str, language: str) -> dict[str, str]:
    """What a preset says in a language, by slot, beside the shared words."""
    text = (presets() / folder / f"{language}.toml").read_text(encoding="utf-8")
    return {slot: str(said) for slot, said in tomllib.loads(text).items()}


def presets() -> Traversable:
    """The folder of all that is shipped."""
    return files("ripresa.domain.templates") / "presets"
