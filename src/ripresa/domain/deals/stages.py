"""Edit the stages of a pipeline: add, rename, move, remove. One person at a time: the pipeline is locked."""

import re
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.deals import pipeline
from ripresa.domain.deals.default_pipeline import CHECK_OUT_ABANDONED
from ripresa.domain.deals.models import Deal, Pipeline, Stage

run = partial(query.run, "ripresa.domain.deals")

KINDS = ("open", "won", "lost")
LONGEST_NAME = 100
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


class NotAStage(Exception):
    """A key or name can't be had, or a stage is not there; the message says which and what to do."""


class StageNeeded(Exception):
    """The stage can't be removed; the message says what needs it."""


def add_stage(
    *, shop_id: int, key: str, name: str, kind: str, before: str | None, now: datetime
) -> None:
    """Add a stage before another one, or at the end. Raises NotAStage."""
    if _KEY.fullmatch(key) is None:
        raise NotAStage(
            f"{key!r} is no key: up to 60 small letters, digits and underscores, a letter first"
        )
    if kind not in KINDS:
        raise NotAStage(f"a stage is {', '.join(KINDS)}, not {kind!r}")
    pipeline_id = _lock(shop_id, now)
    keys = _keys(shop_id)
    if key in keys:
        raise NotAStage(f"there is a stage {key!r} already")
    Stage.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        pipeline_id=pipeline_id,
        key=key,
        name=_checked_name(name),
        kind=kind,
        position=len(keys) + 1,
    )
    _order(shop_id, keys, key, before)


def rename_stage(*, shop_id: int, key: str, name: str, now: datetime) -> None:
    """Give a stage one name in every language; no name: the shipped ones again. Raises NotAStage."""
    _lock(shop_id, now)
    found = Stage.objects.filter(shop_id=shop_id, key=key)
    if not found.update(name=_checked_name(name) if name else ""):
        raise _unknown(shop_id, key)


def move_stage(*, shop_id: int, key: str, before: str | None, now: datetime) -> None:
    """Put a stage before another one, or at the end. Raises NotAStage."""
    _lock(shop_id, now)
    keys = _keys(shop_id)
    if key not in keys:
        raise _unknown(shop_id, key)
    _order(shop_id, [one for one in keys if one != key], key, before)


def remove_stage(*, shop_id: int, key: str, now: datetime) -> None:
    """Remove a stage without deals. Raises NotAStage, StageNeeded."""
    _lock(shop_id, now)
    stage = Stage.objects.filter(shop_id=shop_id, key=key).first()
    if stage is None:
        raise _unknown(shop_id, key)
    if key == CHECK_OUT_ABANDONED:
        raise StageNeeded(
            f"{key} stays: large abandoned carts are opened there. It can be renamed."
        )
    others = Stage.objects.filter(shop_id=shop_id, kind=stage.kind).exclude(key=key)
    if stage.kind != "open" and not others.exists():
        raise StageNeeded(f"{key} stays: it is the only stage that means {stage.kind}")
    try:
        with transaction.atomic():
            Stage.objects.filter(shop_id=shop_id, id=stage.id).delete()
    except IntegrityError:
        count = Deal.objects.filter(shop_id=shop_id, stage_id=stage.id).count()
        raise StageNeeded(
            f"{key} stays: deals stand there ({count}). Move them to another stage first."
        ) from None
    _order(shop_id, _keys(shop_id), None, None)


def _lock(shop_id: int, now: datetime) -> UUID:
    """The id of the shop's pipeline, which is locked."""
    pipeline.lay(shop_id=shop_id, now=now)
    return Pipeline.objects.select_for_update().get(shop_id=shop_id).id


def _keys(shop_id: int) -> list[str]:
    return [stage.key for stage in pipeline.places(shop_id=shop_id)]


def _order(shop_id: int, keys: list[str], key: str | None, before: str | None) -> None:
    """Number the stages anew, with `key` put before another one or at the end."""
    if before is not None and before not in keys:
        there = ", ".join(keys)
        raise NotAStage(f"there is no stage {before!r} to put it before; there are: {there}")
    if key is not None:
        keys = list(keys)
        keys.insert(len(keys) if before is None else keys.index(before), key)
    run("put_positions", shop_id=shop_id, keys=keys, positions=list(range(1, len(keys) + 1)))


def _checked_name(name: str) -> str:
    trimmed = " ".join(name.split())
    if not trimmed or len(trimmed) > LONGEST_NAME:
        raise NotAStage(f"a stage needs a name of at most {LONGEST_NAME} characters")
    return trimmed


def _unknown(shop_id: int, key: str) -> NotAStage:
    return NotAStage(f"there is no stage {key!r}; there are: {', '.join(_keys(shop_id))}")
