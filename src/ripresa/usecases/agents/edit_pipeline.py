"""Edit the pipeline of a shop, one transaction a change, each written down in the audit log.

Errors are those of `ripresa.domain.deals.stages`: nothing has changed then.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.deals import pipeline, stages

Change = Callable[..., None]


def _written_down(change: Change) -> Change:
    """`change` in a transaction, with what the pipeline was before and after it."""

    @wraps(change)
    @transaction.atomic
    def changed(*, shop_id: int, now: datetime, **values: Any) -> None:
        before = _told(shop_id, now)
        change(shop_id=shop_id, now=now, **values)
        write_down(
            shop_id=shop_id,
            action=Action.CHANGED,
            subject=Subject(About.PIPELINE),
            before=before,
            after=_told(shop_id, now),
            now=now,
        )

    return changed


def _told(shop_id: int, now: datetime) -> dict[str, Any]:
    view = pipeline.show(shop_id=shop_id, language="en", now=now)
    return {"name": view.name, "stages": ", ".join(stage.name for stage in view.stages)}


show = transaction.atomic(pipeline.show)
rename_pipeline = _written_down(pipeline.rename)
add_stage = _written_down(stages.add_stage)
rename_stage = _written_down(stages.rename_stage)
move_stage = _written_down(stages.move_stage)
remove_stage = _written_down(stages.remove_stage)
