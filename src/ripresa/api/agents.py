"""Agents: who sells in person, and whose customer somebody is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Instant, Maybe, Switch, Words
from ripresa.domain.deals.agents import AgentRow, NotAnAgent, list_agents
from ripresa.domain.deals.models import Agent
from ripresa.domain.deals.queries import find_agent
from ripresa.usecases.agents import assign_agents as use_case

router = Router(tags=["agents"])


class AgentShape(BaseModel):
    """Somebody who sells in person. `customers`: assigned by key; `rules`: numbers of those she is in."""

    id: UUID
    email: str
    name: str
    is_active: bool
    away_until: datetime | None
    customers: int
    open_deals: int
    rules: list[int]

    @classmethod
    def of(cls, row: AgentRow) -> "AgentShape":
        """The same, as it travels."""
        return cls(**row._asdict())


class NewAgent(Asked):
    """An agent to add."""

    email: Words
    name: Words = ""


class AgentChange(Asked):
    """What is to change; what is left out stays."""

    name: Maybe[Words] = None
    is_active: Maybe[Switch] = None
    away_until: Annotated[Instant | None, Field(description="Null: she is back.")] = None


class Ending(Asked):
    """Who goes on with what is hers: another agent's id; null: deals are nobody's, rules deal people out."""

    heir: UUID | None
    who: Annotated[Words, Field(description="Stands in the deals' log.")] = ""


class Ended(BaseModel):
    """How many open deals, and how many customers by key, found somebody else."""

    deals: int
    customers: int


class Customer(Asked):
    """A customer by key: an e-mail address or the shop's id; she need not be known yet."""

    customer: Annotated[Words, Field(min_length=1)]


@router.get("/agents", response=Page[AgentShape], auth=READ, operation_id="list_agents")
def get_agents(request: ApiRequest) -> Page[AgentShape]:
    """All agents of the shop by address, on one page."""
    items = [AgentShape.of(row) for row in list_agents(shop_id=request.shop.id)]
    return Page[AgentShape](items=items, next=None)


@router.post("/agents", response={201: AgentShape}, auth=WRITE, operation_id="add_agent")
def add_agent(request: ApiRequest, asked: NewAgent) -> Status[AgentShape]:
    """Add an agent."""
    try:
        made = use_case.add_agent(
            shop_id=request.shop.id, email=asked.email, name=asked.name, now=request.now
        )
    except NotAnAgent as wrong:
        raise Refused.field("email", str(wrong)) from None
    return Status(201, _shape(request, made))


@router.get("/agents/{agent_id}", response=AgentShape, auth=READ, operation_id="get_agent")
def get_agent(request: ApiRequest, agent_id: UUID) -> AgentShape:
    """One agent."""
    return _shape(request, agent_id)


@router.patch("/agents/{agent_id}", response=AgentShape, auth=WRITE, operation_id="change_agent")
def change_agent(request: ApiRequest, agent_id: UUID, asked: AgentChange) -> AgentShape:
    """Change an agent. Who is no longer active gets no customers and no mail; who is away, no new ones."""
    values = asked.model_dump(exclude_unset=True)
    agent = _find(request, agent_id)
    if values:
        try:
            use_case.change_agent(
                shop_id=request.shop.id, email=agent.email, now=request.now, **values
            )
        except NotAnAgent as wrong:
            raise Refused.field("away_until", str(wrong)) from None
    return _shape(request, agent_id)


@router.post("/agents/{agent_id}/end", response=Ended, auth=WRITE, operation_id="end_agent")
def end_agent(request: ApiRequest, agent_id: UUID, asked: Ending) -> Ended:
    """Let an agent go, and say who goes on with her open deals and her customers."""
    _find(request, agent_id)
    try:
        done = use_case.end_agent(
            shop_id=request.shop.id,
            agent_id=agent_id,
            heir_id=asked.heir,
            who=asked.who or f"API: {request.auth.label or request.auth.id}",
            now=request.now,
        )
    except NotAnAgent as wrong:
        raise Refused.field("heir", str(wrong)) from None
    return Ended(**done._asdict())


@router.post(
    "/agents/{agent_id}/customers",
    response=AgentShape,
    auth=WRITE,
    operation_id="assign_customer",
)
def assign_customer(request: ApiRequest, agent_id: UUID, asked: Customer) -> AgentShape:
    """Make somebody this agent's customer, whoever's she was before."""
    agent = _find(request, agent_id)
    try:
        use_case.assign_customer(
            shop_id=request.shop.id, customer=asked.customer, agent=agent.email, now=request.now
        )
    except use_case.NotACustomer as wrong:
        raise Refused.field("customer", str(wrong)) from None
    except NotAnAgent as wrong:
        raise Refused(422, str(wrong)) from None
    return _shape(request, agent_id)


def _find(request: ApiRequest, agent_id: UUID) -> Agent:
    agent = find_agent(shop_id=request.shop.id, agent_id=agent_id)
    if agent is None:
        raise NotFound("agent")
    return agent


def _shape(request: ApiRequest, agent_id: UUID) -> AgentShape:
    rows = list_agents(shop_id=request.shop.id)
    found = next((row for row in rows if row.id == agent_id), None)
    if found is None:
        raise NotFound("agent")
    return AgentShape.of(found)
