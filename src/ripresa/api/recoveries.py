"""Recoveries: runs of a scenario for an abandoned cart, and ending one by hand."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Maybe
from ripresa.domain.scenarios import queries as recoveries
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.queries import RecoveryFilter
from ripresa.usecases.scenarios import cancel_recovery as use_case

router = Router(tags=["recoveries"])

State = Literal["waiting", "active", "done", "cancelled", "skipped"]


class RecoveryShape(BaseModel):
    """One run of one scenario for one abandonment of one cart.

    waiting: taken up at `due_at`. active: messages are planned. Else it is over, with the reason.
    """

    id: UUID
    scenario_id: UUID
    scenario: str
    version_id: UUID
    cart_id: UUID
    contact_id: UUID
    branch: str | None
    state: str
    reason: str | None
    left_at: datetime
    abandoned_at: datetime
    due_at: datetime | None
    taken_up_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, recovery: Recovery) -> "RecoveryShape":
        """The same, as it travels."""
        names = [name for name in cls.model_fields if name != "scenario"]
        return cls(
            scenario=recovery.scenario.name, **{name: getattr(recovery, name) for name in names}
        )


class RecoveriesAsked(Paging):
    """Which recoveries."""

    state: Annotated[list[State], Field(default_factory=list, description="Any of these.")]
    scenario_id: Maybe[UUID] = None
    cart_id: Maybe[UUID] = None
    contact_id: Maybe[UUID] = None


@router.get("/recoveries", response=Page[RecoveryShape], auth=READ, operation_id="list_recoveries")
def list_recoveries(request: ApiRequest, asked: Query[RecoveriesAsked]) -> Page[RecoveryShape]:
    """Recoveries, the latest first."""
    only = RecoveryFilter(tuple(asked.state), asked.scenario_id, asked.cart_id, asked.contact_id)
    found = recoveries.list_recoveries(
        request.shop.id, only, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[RecoveryShape](items=[RecoveryShape.of(row) for row in rows], next=following)


@router.get(
    "/recoveries/{recovery_id}", response=RecoveryShape, auth=READ, operation_id="get_recovery"
)
def get_recovery(request: ApiRequest, recovery_id: UUID) -> RecoveryShape:
    """One recovery. Its decisions: `/carts/{cart_id}/trail`; its messages: `/messages`."""
    return _found(request, recovery_id)


@router.post(
    "/recoveries/{recovery_id}/cancel",
    response=RecoveryShape,
    auth=WRITE,
    operation_id="cancel_recovery",
)
def cancel_recovery(request: ApiRequest, recovery_id: UUID) -> RecoveryShape:
    """End a recovery by hand: nothing of it leaves any more. 409 if it is over already."""
    try:
        use_case.cancel_recovery(shop_id=request.shop.id, recovery_id=recovery_id, now=request.now)
    except use_case.NoSuchRecovery:
        raise NotFound("recovery") from None
    except use_case.RecoveryIsOver as over:
        raise Refused(409, str(over)) from None
    return _found(request, recovery_id)


def _found(request: ApiRequest, recovery_id: UUID) -> RecoveryShape:
    recovery = recoveries.find_recovery(request.shop.id, recovery_id)
    if recovery is None:
        raise NotFound("recovery")
    return RecoveryShape.of(recovery)
