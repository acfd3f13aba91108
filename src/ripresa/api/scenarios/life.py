"""A scenario's life: going live, pausing, resuming, moving on, ending."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from ninja import Router

from ripresa.api.protocol.access import READ, SEND, WRITE, ApiRequest
from ripresa.api.protocol.problems import Refused
from ripresa.api.scenarios.shapes import (
    Activated,
    Activation,
    Cancelled,
    Moved,
    Pause,
    Reach,
    ScenarioShape,
    find,
    shape_of,
)
from ripresa.usecases.scenarios import activate_scenario as use_case
from ripresa.usecases.scenarios.end_scenario import end_scenario
from ripresa.usecases.scenarios.move_recoveries import move_recoveries

router = Router(tags=["scenarios"])


@router.get(
    "/scenarios/{scenario_id}/reach", response=Reach, auth=READ, operation_id="reach_of_scenario"
)
def reach(request: ApiRequest, scenario_id: UUID) -> Reach:
    """Whom it would write to that left a cart before it went live: look before you activate."""
    find(request, scenario_id)
    return _reach(request, scenario_id)


@router.post(
    "/scenarios/{scenario_id}/activate",
    response=Activated,
    auth=SEND,
    operation_id="activate_scenario",
)
def activate(request: ApiRequest, scenario_id: UUID, activation: Activation) -> Activated:
    """Let a draft go live. Carts abandoned before stay untouched unless you say so."""
    find(request, scenario_id)
    if activation.include_existing:
        now_there = _reach(request, scenario_id).people
        if activation.people != now_there:
            raise Refused(
                409, f"it would reach {now_there} people: send that number as `people` to agree"
            )
    with _possible():
        done = use_case.activate(
            shop_id=request.shop.id,
            scenario_id=scenario_id,
            now=request.now,
            include_existing=activation.include_existing,
        )
    return Activated(
        taken_along=done.taken_along,
        left_alone=done.left_alone,
        scenario=shape_of(request, scenario_id),
    )


@router.post(
    "/scenarios/{scenario_id}/pause",
    response=ScenarioShape,
    auth=WRITE,
    operation_id="pause_scenario",
)
def pause(request: ApiRequest, scenario_id: UUID, asked: Pause) -> ScenarioShape:
    """Hold back all its messages; nothing planned is lost. 409 unless it is live."""
    find(request, scenario_id)
    with _possible():
        use_case.pause(
            shop_id=request.shop.id, scenario_id=scenario_id, why=asked.why, now=request.now
        )
    return shape_of(request, scenario_id)


@router.post(
    "/scenarios/{scenario_id}/resume",
    response=ScenarioShape,
    auth=SEND,
    operation_id="resume_scenario",
)
def resume(request: ApiRequest, scenario_id: UUID) -> ScenarioShape:
    """Let it go on: what is still due goes out at once. 409 unless it is paused."""
    find(request, scenario_id)
    with _possible():
        use_case.resume(shop_id=request.shop.id, scenario_id=scenario_id, now=request.now)
    return shape_of(request, scenario_id)


@router.post(
    "/scenarios/{scenario_id}/move",
    response=Moved,
    auth=SEND,
    operation_id="move_recoveries_of_scenario",
)
def move(request: ApiRequest, scenario_id: UUID) -> Moved:
    """Move what is under way to the newest version; without this, each finishes on its own."""
    find(request, scenario_id)
    moved = move_recoveries(shop_id=request.shop.id, scenario_id=scenario_id, now=request.now)
    return Moved(**{name: getattr(moved, name) for name in Moved.model_fields})


@router.post(
    "/scenarios/{scenario_id}/end",
    response=Cancelled,
    auth=WRITE,
    operation_id="end_scenario",
)
def end(request: ApiRequest, scenario_id: UUID) -> Cancelled:
    """End it for good: what it has planned is cancelled. 409 unless it is live or paused."""
    find(request, scenario_id)
    with _possible():
        ended = end_scenario(shop_id=request.shop.id, scenario_id=scenario_id, now=request.now)
    return Cancelled(recoveries=ended, scenario=shape_of(request, scenario_id))


def _reach(request: ApiRequest, scenario_id: UUID) -> Reach:
    found = use_case.count_existing(
        shop_id=request.shop.id, scenario_id=scenario_id, now=request.now
    )
    return Reach(carts=found.carts, people=found.people)


@contextmanager
def _possible() -> Iterator[None]:
    """Around what a scenario must be in a certain state for."""
    try:
        yield
    except use_case.NotPossible as wrong:
        raise Refused(409, str(wrong)) from None
