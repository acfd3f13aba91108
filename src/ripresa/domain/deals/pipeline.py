"""The pipeline of a shop, laid when it is first needed, and its stages."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.deals.default_pipeline import pipeline_name, shipped, stage_name
from ripresa.domain.deals.models import Pipeline, Stage
from ripresa.domain.deals.rules import StagePlace

run = partial(query.run, "ripresa.domain.deals")


def lay(*, shop_id: int, now: datetime) -> None:
    """Give a shop the shipped pipeline, unless it has one."""
    ours = shipped()
    run(
        "lay_pipeline",
        shop_id=shop_id,
        id=new_id(now),
        key=ours.key,
        now=now,
        stage_ids=[new_id(now) for _ in ours.stages],
        keys=[stage.key for stage in ours.stages],
        kinds=[stage.kind for stage in ours.stages],
        positions=list(range(1, len(ours.stages) + 1)),
    )


class StageRow(NamedTuple):
    """A stage as people see it, with the deals that stand there: those still open, and all."""

    key: str
    name: str
    kind: str
    position: int
    open_deals: int
    deals: int


class PipelineView(NamedTuple):
    """A pipeline as people see it, in one language."""

    key: str
    name: str
    stages: list[StageRow]


def show(*, shop_id: int, language: str, now: datetime) -> PipelineView:
    """The pipeline of a shop, laid if it has none yet, named in a language of the console."""
    lay(shop_id=shop_id, now=now)
    key, name = Pipeline.objects.values_list("key", "name").get(shop_id=shop_id)
    rows = [StageRow(*row) for row in run("show_pipeline", shop_id=shop_id)]
    stages = [row._replace(name=stage_name(row.key, row.name, language)) for row in rows]
    return PipelineView(key, pipeline_name(name, language), stages)


def rename(*, shop_id: int, name: str, now: datetime) -> None:
    """Give the pipeline one name in every language; no name: the shipped ones again."""
    lay(shop_id=shop_id, now=now)
    Pipeline.objects.filter(shop_id=shop_id).update(name=" ".join(name.split()))


def places(*, shop_id: int) -> list[StagePlace]:
    """The stages of a shop in their order."""
    rows = Stage.objects.filter(shop_id=shop_id).order_by("position", "key")
    return [StagePlace(*row) for row in rows.values_list("id", "key", "kind", "position")]


def stage_names(*, shop_id: int, language: str) -> dict[str, str]:
    """The stages of a shop by key as people call them; of one without a pipeline, the shipped ones."""
    rows = Stage.objects.filter(shop_id=shop_id).order_by("position", "key")
    named = list(rows.values_list("key", "name")) or [(one.key, "") for one in shipped().stages]
    return {key: stage_name(key, name, language) for key, name in named}


def find_closing_stage(*, shop_id: int, kind: str) -> StagePlace | None:
    """The first stage of a kind, won or lost. None: no pipeline yet, so there is no deal either."""
    return next((stage for stage in places(shop_id=shop_id) if stage.kind == kind), None)


def closing_stage(*, shop_id: int, kind: str) -> StagePlace:
    """The first stage of a kind, of a shop that has deals: the last of a kind can't be removed."""
    found = find_closing_stage(shop_id=shop_id, kind=kind)
    if found is None:
        raise AssertionError(f"shop {shop_id} has no stage of kind {kind}")
    return found
