"""Agents: who sells in person, and whose customer somebody is."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.domain.deals.agents import AgentRow, NotAnAgent, list_agents
from ripresa.domain.deals.models import Agent
from ripresa.domain.deals.queries import agent_ids, find_agent
from ripresa.usecases import assign_agents as use_case

router = Router(tags=["agents"])


class AgentShape(BaseModel):
    """Somebody who sells in person. `customers` are those assigned by key."""

    id: UUID
    email: str
    name: str
    is_active: bool
    customers: int
    open_deals: int

    @classmethod
    def of(cls, row: AgentRow, agent_id: UUID) -> "AgentShape":
        """The same, as it travels."""
        return cls(id=agent_id, **row._asdict())


class NewAgent(Asked):
    """An agent to add."""

    email: Words
    name: Words = ""


class AgentChange(Asked):
    """What is to change; what is left out stays."""

    name: Maybe[Words] = None
    is_active: Maybe[bool] = None


class Customer(Asked):
    """A customer by key: an e-mail address or the shop's id; she need not be known yet."""

    customer: Annotated[Words, Field(min_length=1)]


@router.get("/agents", response=Page[AgentShape], auth=READ, operation_id="list_agents")
def get_agents(request: ApiRequest) -> Page[AgentShape]:
    """All agents of the shop by address, on one page."""
    shop_id = request.shop.id
    ids = agent_ids(shop_id=shop_id)
    items = [
        AgentShape.of(row, ids[row.email])
        for row in list_agents(shop_id=shop_id)
        if row.email in ids
    ]
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
    """Change an agent. Who is no longer active gets no customers and no mail."""
    values: dict[str, str | bool] = asked.model_dump(exclude_none=True)
    agent = _find(request, agent_id)
    if values:
        use_case.change_agent(shop_id=request.shop.id, email=agent.email, **values)
    return _shape(request, agent_id)


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
    email = _find(request, agent_id).email
    rows = list_agents(shop_id=request.shop.id)
    return next(AgentShape.of(row, agent_id) for row in rows if row.email == email)
