"""Deals: what agents work on, and all they do with one."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound
from ripresa.api.protocol.values import Asked, Instant, Maybe, Words
from ripresa.api.shapes.deal import DealDetail, DealShape, acting
from ripresa.domain.deals import queries as deals
from ripresa.domain.deals.models import Deal
from ripresa.usecases.agents import edit_pipeline, work_on_deal

router = Router(tags=["deals"])


class StageShape(BaseModel):
    """A place in the pipeline. Scenarios name it by `key`; `kind`: open, won or lost."""

    key: str
    name: str
    kind: str
    position: int
    open_deals: int
    deals: int


class PipelineShape(BaseModel):
    """The pipeline of the shop."""

    key: str
    name: str
    stages: list[StageShape]


class DealsAsked(Paging):
    """Which deals. `stage` is a key, `agent` an address."""

    stage: Maybe[Words] = None
    agent: Maybe[Words] = None
    is_open: Maybe[bool] = None
    cart_id: Maybe[UUID] = None
    contact_id: Maybe[UUID] = None


class Doing(Asked):
    """Who does it: an agent's address, or whatever names a person; by itself: the key's label."""

    who: Annotated[Words, Field(description="Stands in the deal's log.")] = ""


class Move(Doing):
    """From the stage where you saw it: 409 if it stands elsewhere by now."""

    from_stage: Words
    to_stage: Words


class Win(Doing):
    """From the stage where you saw it."""

    from_stage: Words


class Lose(Win):
    """From the stage where you saw it, and why."""

    why: Words = ""


class TakeOver(Asked):
    """Into whose hands, and out of whose: 409 if somebody else has it by now."""

    who: Annotated[Words, Field(min_length=1)]
    instead_of: Maybe[Words] = None


class Snooze(Doing):
    """Until when; left out: it wakes now."""

    until: Maybe[Instant] = None


class Note(Doing):
    """Something to remember."""

    text: Annotated[Words, Field(min_length=1)]


class Call(Doing):
    """A call, or an answer of hers; `at` left out: just now."""

    at: Maybe[Instant] = None
    text: Words = ""


@router.get("/pipeline", response=PipelineShape, auth=READ, operation_id="get_pipeline")
def get_pipeline(request: ApiRequest) -> PipelineShape:
    """The stages in their order, with how many deals stand where; names are English."""
    told = edit_pipeline.show(shop_id=request.shop.id, language="en", now=request.now)
    stages = [StageShape(**row._asdict()) for row in told.stages]
    return PipelineShape(key=told.key, name=told.name, stages=stages)


@router.get("/deals", response=Page[DealShape], auth=READ, operation_id="list_deals")
def list_deals(request: ApiRequest, asked: Query[DealsAsked]) -> Page[DealShape]:
    """Deals, the newest first."""
    only = deals.DealFilter(
        asked.stage, asked.agent, asked.is_open, asked.cart_id, asked.contact_id
    )
    found = deals.list_deals(
        shop_id=request.shop.id,
        only=only,
        older_than=by_id(request, asked),
        limit=asked.limit + 1,
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[DealShape](items=_shapes(request, list(rows)), next=following)


@router.get("/deals/{deal_id}", response=DealDetail, auth=READ, operation_id="get_deal")
def get_deal(request: ApiRequest, deal_id: UUID) -> DealDetail:
    """One deal, with its log."""
    return _detail(request, deal_id)


def _post(name: str, summary: str) -> dict[str, Any]:
    return {
        "path": f"/deals/{{deal_id}}/{name}",
        "response": DealDetail,
        "auth": WRITE,
        "operation_id": f"{name.replace('-', '_')}_of_deal",
        "summary": summary,
    }


@router.post(**_post("move", "Move"))
def move(request: ApiRequest, deal_id: UUID, asked: Move) -> DealDetail:
    """Put it into another stage; one of kind won or lost closes it, and from lost it may come back."""
    with acting():
        work_on_deal.move(
            **_who(request, deal_id, asked), from_stage=asked.from_stage, to_stage=asked.to_stage
        )
    return _detail(request, deal_id)


@router.post(**_post("take-over", "Take over"))
def take_over(request: ApiRequest, deal_id: UUID, asked: TakeOver) -> DealDetail:
    """Take it into one's own hands; an agent's address makes it that agent's."""
    with acting():
        work_on_deal.take_over(
            shop_id=request.shop.id,
            deal_id=deal_id,
            who=asked.who,
            instead_of=asked.instead_of,
            now=request.now,
        )
    return _detail(request, deal_id)


@router.post(**_post("snooze", "Snooze"))
def snooze(request: ApiRequest, deal_id: UUID, asked: Snooze) -> DealDetail:
    """Let it rest until an instant, or wake it."""
    with acting():
        work_on_deal.snooze(**_who(request, deal_id, asked), until=asked.until)
    return _detail(request, deal_id)


@router.post(**_post("notes", "Note"))
def note(request: ApiRequest, deal_id: UUID, asked: Note) -> DealDetail:
    """Write something down, on closed deals too."""
    with acting():
        work_on_deal.note(**_who(request, deal_id, asked), text=asked.text)
    return _detail(request, deal_id)


@router.post(**_post("calls", "Call"))
def call(request: ApiRequest, deal_id: UUID, asked: Call) -> DealDetail:
    """Write down that the agent spoke with her; the scenario says what that stops."""
    with acting():
        at = asked.at or request.now
        work_on_deal.log_call(**_who(request, deal_id, asked), at=at, text=asked.text)
    return _detail(request, deal_id)


@router.post(**_post("replies", "Reply"))
def reply(request: ApiRequest, deal_id: UUID, asked: Call) -> DealDetail:
    """Write down that she answered."""
    with acting():
        at = asked.at or request.now
        work_on_deal.log_reply(**_who(request, deal_id, asked), at=at, text=asked.text)
    return _detail(request, deal_id)


@router.post(**_post("won", "Won"))
def won(request: ApiRequest, deal_id: UUID, asked: Win) -> DealDetail:
    """Close it as won, for good."""
    with acting():
        work_on_deal.win(**_who(request, deal_id, asked), from_stage=asked.from_stage)
    return _detail(request, deal_id)


@router.post(**_post("lost", "Lost"))
def lost(request: ApiRequest, deal_id: UUID, asked: Lose) -> DealDetail:
    """Close it as lost; an order wins it still."""
    with acting():
        work_on_deal.lose(
            **_who(request, deal_id, asked), from_stage=asked.from_stage, why=asked.why
        )
    return _detail(request, deal_id)


def _who(request: ApiRequest, deal_id: UUID, asked: Doing) -> Any:
    _find(request, deal_id)
    who = asked.who or f"API: {request.auth.label or request.auth.id}"
    return {"shop_id": request.shop.id, "deal_id": deal_id, "who": who, "now": request.now}


def _shapes(request: ApiRequest, rows: list[Deal]) -> list[DealShape]:
    agents = deals.agents_by_id(shop_id=request.shop.id, agent_ids=[row.agent_id for row in rows])
    return [DealShape(**DealShape.fields(row, agents)) for row in rows]


def _detail(request: ApiRequest, deal_id: UUID) -> DealDetail:
    return DealDetail.of(_find(request, deal_id))


def _find(request: ApiRequest, deal_id: UUID) -> Deal:
    deal = deals.find_deal(shop_id=request.shop.id, deal_id=deal_id)
    if deal is None:
        raise NotFound("deal")
    return deal
