"""The pipeline every shop begins with, and its names in the languages of the console. Pure data."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

# Where a large abandoned cart stands (AGT-2). Scenarios wait on it, so it can't be removed.
CHECK_OUT_ABANDONED = "check_out_abandoned"


class ShippedStage(NamedTuple):
    """A stage as it ships; `names` by language."""

    key: str
    kind: str
    names: dict[str, str]


class ShippedPipeline(NamedTuple):
    """The pipeline as it ships, its stages in order."""

    key: str
    names: dict[str, str]
    stages: tuple[ShippedStage, ...]


@cache
def shipped() -> ShippedPipeline:
    """What `default_pipeline.toml` says."""
    text = (files("ripresa.domain.deals") / "default_pipeline.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    stages = tuple(ShippedStage(**stage) for stage in data["stages"])
    return ShippedPipeline(data["key"], data["names"], stages)


def pipeline_name(name: str, language: str) -> str:
    """The name to show: the shop's own, else the shipped one in `language`, else in English."""
    return name or _in(shipped().names, language)


def stage_name(key: str, name: str, language: str) -> str:
    """The name to show: the shop's own, else the shipped one in `language`, else the key in words."""
    if name:
        return name
    names = next((stage.names for stage in shipped().stages if stage.key == key), None)
    return _in(names, language) if names else key.replace("_", " ").capitalize()


def _in(names: dict[str, str], language: str) -> str:
    return names.get(language.split("-", maxsplit=1)[0], names["en"])
