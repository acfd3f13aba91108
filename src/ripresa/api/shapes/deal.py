"""A deal as it travels, its log, and how what can't be done with it is told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Amount
from ripresa.domain.deals import queries
from ripresa.domain.deals.models import Agent, Deal, DealActivity
from ripresa.domain.deals.operations import (
    DealClosed,
    DealMoved,
    DealNotFound,
    DealTaken,
    NoSuchStage,
    NotNow,
)


class DealShape(BaseModel):
    """A sale an agent works on, about one cart. `stage` is a key, `agent` an address."""

    id: UUID
    cart_id: UUID
    contact_id: UUID
    agent: str | None
    stage: str
    value: Amount | None
    opened_at: datetime
    moved_at: datetime | None
    taken_over_at: datetime | None
    taken_over_by: str | None
    snoozed_until: datetime | None
    contacted_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    order_id: UUID | None

    @classmethod
    def fields(cls, deal: Deal, agents: Mapping[UUID, Agent]) -> dict[str, Any]:
        """Its values; `agents` are those of some deals by id."""
        own = {"agent", "stage", "value"}
        names = [name for name in DealShape.model_fields if name not in own]
        agent = agents.get(deal.agent_id) if deal.agent_id else None
        return {
            **{name: getattr(deal, name) for name in names},
            "agent": agent.email if agent else None,
            "stage": deal.stage.key,
            "value": Amount.of(deal.value_minor, deal.currency),
        }


class Logged(BaseModel):
    """One thing that was done. `who`: an address, or what acted by itself."""

    at: datetime
    kind: str
    who: str
    from_stage: str | None
    to_stage: str | None
    until: datetime | None
    note: str

    @classmethod
    def of(cls, entry: DealActivity) -> "Logged":
        """The same, as it travels."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class DealDetail(DealShape):
    """A deal with everything that was done with it, in order."""

    log: list[Logged]

    @classmethod
    def of(cls, deal: Deal) -> "DealDetail":
        """The same, as it travels."""
        agents = queries.agents_by_id(shop_id=deal.shop_id, agent_ids=[deal.agent_id])
        log = queries.log_of(shop_id=deal.shop_id, deal_id=deal.id)
        return cls(**DealShape.fields(deal, agents), log=[Logged.of(each) for each in log])


@contextmanager
def acting() -> Iterator[None]:
    """Around something done with a deal: what can't be done is refused in the words of the slice."""
    try:
        yield
    except DealNotFound:
        raise NotFound("deal") from None
    except (DealMoved, DealClosed, DealTaken) as wrong:
        raise Refused(409, str(wrong)) from None
    except NoSuchStage as wrong:
        raise Refused.field("to_stage", str(wrong)) from None
    except NotNow as wrong:
        raise Refused(422, str(wrong)) from None
