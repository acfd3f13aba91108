"""Campaigns as they travel, what became of their messages, and what a preview tells."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ripresa.api.protocol.values import Amount, Asked, Maybe, Words
from ripresa.domain.campaigns import queries
from ripresa.domain.campaigns.models import Campaign, CampaignRecipient
from ripresa.usecases.campaigns.preview import Fate, Preview

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class BudgetShape(BaseModel):
    """What it may use up, and what is being sent or has left."""

    max_messages: int | None
    max_cost: Amount | None
    used_messages: int
    used: Amount | None

    @classmethod
    def of(cls, campaign: Campaign, currency: str) -> "BudgetShape | None":
        """Its budget; None where it has none."""
        if campaign.max_messages is None and campaign.max_cost_minor is None:
            return None
        return cls(
            max_messages=campaign.max_messages,
            max_cost=Amount.of(campaign.max_cost_minor, currency),
            used_messages=campaign.used_messages,
            used=Amount.of(campaign.used_minor, currency),
        )

    @property
    def words(self) -> str:
        """What is used up of it, on one line."""
        said = []
        if self.max_messages is not None:
            said.append(f"{self.used_messages} of {self.max_messages} messages")
        if self.max_cost is not None and self.used is not None:
            said.append(f"{self.used.amount} of {self.max_cost.amount} {self.max_cost.currency}")
        return ", ".join(said)


class CampaignShape(BaseModel):
    """A campaign. `about`: abandoned_cart, thank_you, none. `people`: how many it has taken so far.

    `state`: draft, scheduled, live, paused, ended. `due_at`: when it begins, or looks for people again.
    """

    id: UUID
    name: str
    about: str
    state: str
    paused_reason: str
    people: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    budget: BudgetShape | None

    @classmethod
    def of(cls, campaign: Campaign, currency: str, people: int) -> "CampaignShape":
        """The same, as it travels."""
        return cls(**_fields(campaign, currency, people))


class OutcomeShape(BaseModel):
    """So many messages in one channel that are in this state, for this reason."""

    channel: str
    state: str
    reason: str | None
    number: int


class CampaignDetail(CampaignShape):
    """A campaign, with what became of its messages."""

    outcomes: list[OutcomeShape]


class RecipientShape(BaseModel):
    """Somebody whom it has taken. planned: a message may still leave; over: see her messages.

    `cart_id`: the cart it speaks of. `is_double`: she turned out to be somebody whom it has already.
    """

    id: UUID
    contact_id: UUID
    cart_id: UUID | None
    state: str
    is_double: bool
    added_at: datetime

    @classmethod
    def of(cls, recipient: CampaignRecipient) -> "RecipientShape":
        """The same, as it travels."""
        return cls(**{name: getattr(recipient, name) for name in cls.model_fields})


class FateShape(BaseModel):
    """So many messages in one channel for which this reason stands."""

    channel: str
    reason: str
    number: int


class PreviewShape(BaseModel):
    """What would become of it now. `people`: its audience; the rest is about `looked_at` of them.

    Messages: `goes` by channel; `waits`, and `falls_away`, with reasons. `undecided`: something else is on
    its way to her, and comes first. `cost`: of what goes or waits. `codes_left` null: no code is needed.
    """

    people: int
    looked_at: int
    goes: dict[str, int]
    waits: list[FateShape]
    falls_away: list[FateShape]
    undecided: int
    cost: Amount | None
    codes_wanted: int
    codes_left: int | None

    @classmethod
    def of(cls, found: Preview, currency: str) -> "PreviewShape":
        """The same, as it travels."""
        return cls(
            people=found.people,
            looked_at=found.looked_at,
            goes=dict(sorted(found.goes.items())),
            waits=_fates(found.waits),
            falls_away=_fates(found.falls_away),
            undecided=found.undecided.total(),
            cost=Amount.of(found.cost_minor, currency),
            codes_wanted=found.codes_wanted,
            codes_left=found.codes_left,
        )


class Start(Asked):
    """`at_most`: 409 if it is for more people by now, so that nobody writes to more than were shown."""

    at_most: Maybe[Count] = None


class PauseCampaign(Asked):
    """Why it is paused: kept, and shown with it."""

    why: Words = "by the API"


class SetBudget(Asked):
    """What it may use up in all; what is left out has no limit. `max_cost` in the shop's currency."""

    max_messages: Maybe[Annotated[int, Field(ge=1, le=2**31 - 1)]] = None
    max_cost: Maybe[Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$")]] = (
        None
    )


class Started(BaseModel):
    """How many people it is for now; and the campaign as it stands."""

    people: int
    campaign: CampaignDetail


class EndedCampaign(BaseModel):
    """How many messages that cancelled; and the campaign as it stands."""

    messages: int
    campaign: CampaignDetail


def detail_of(campaign: Campaign) -> CampaignDetail:
    """A campaign as it stands, with what became of its messages."""
    people = queries.people_reached(campaign.shop_id, [campaign.id]).get(campaign.id, 0)
    outcomes = queries.outcomes(campaign.shop_id, [campaign.id]).get(campaign.id, [])
    return CampaignDetail(
        outcomes=[OutcomeShape(**one._asdict()) for one in outcomes],
        **_fields(campaign, campaign.shop.currency, people),
    )


def _fields(campaign: Campaign, currency: str, people: int) -> dict[str, Any]:
    own = [name for name in CampaignShape.model_fields if name not in {"people", "budget"}]
    return {
        **{name: getattr(campaign, name) for name in own},
        "people": people,
        "budget": BudgetShape.of(campaign, currency),
    }


def _fates(counted: Mapping[Fate, int]) -> list[FateShape]:
    rows: Iterable[tuple[Fate, int]] = sorted(counted.items())
    return [
        FateShape(channel=channel, reason=reason.value, number=number)
        for (channel, reason), number in rows
    ]
