"""The story of a cart as it travels: the same chapters as on its page and in `ripresa explain`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from ripresa.api.protocol.values import Amount
from ripresa.api.shapes.deal import Logged
from ripresa.core.money import Money
from ripresa.domain.messages.models import MessageFeedback
from ripresa.usecases.carts.tell_cart import ByHand, Chapter, OfCampaign, Run, Story
from ripresa.usecases.connected.limits import Limits


class RecoveryRef(BaseModel):
    """The recovery a chapter belongs to; `number` counts those of the cart from 1."""

    id: UUID
    number: int
    scenario: str
    branch: str | None

    @classmethod
    def of(cls, run: Run) -> "RecoveryRef":
        """The same, as it travels."""
        return cls(id=run.id, number=run.number, scenario=run.scenario, branch=run.branch)


class ByHandRef(BaseModel):
    """The message by hand that a chapter belongs to; `overrides`: caps, quiet_hours."""

    id: UUID
    asked_by: str
    overrides: list[str]

    @classmethod
    def of(cls, by_hand: ByHand) -> "ByHandRef":
        """The same, as it travels."""
        return cls(id=by_hand.id, asked_by=by_hand.asked_by, overrides=list(by_hand.overrides))


class CampaignRef(BaseModel):
    """The campaign a chapter belongs to."""

    id: UUID
    name: str

    @classmethod
    def of(cls, campaign: OfCampaign) -> "CampaignRef":
        """The same, as it travels."""
        return cls(id=campaign.id, name=campaign.name)


class Heard(BaseModel):
    """What was told of a message after its hand-over; `kind`, `reason` and rules: feedback.md.

    `verdict`, of an open or a click: person or machine, by `rule`.
    """

    kind: str
    occurred_at: datetime
    reason: str | None
    is_permanent: bool
    detail: str
    text: str
    url: str
    verdict: str | None
    rule: str

    @classmethod
    def of(cls, heard: MessageFeedback) -> "Heard":
        """The same, as it travels."""
        return cls(
            kind=heard.kind,
            occurred_at=heard.occurred_at,
            reason=heard.reason,
            is_permanent=heard.is_permanent,
            detail=heard.detail,
            text=heard.text,
            url=heard.url,
            verdict=heard.verdict,
            rule=heard.verdict_rule,
        )


class ChapterShape(BaseModel):
    """One thing that happened, or with `is_ahead` is still to come.

    `kind`: begun, abandoned, ordered, order_cancelled, emptied, expired, taken_up, by_hand, decided, heard,
    deal, ended; ahead: waiting, planned. `outcome` and `reason` are of the closed list of reasons; `facts`
    is what the decision was taken on; `deal` what was done with the deal about the cart.
    """

    at: datetime
    kind: str
    is_ahead: bool
    recovery: RecoveryRef | None
    step: str | None
    channel: str | None
    outcome: str | None
    reason: str | None
    to_address: str | None
    subject: str | None
    facts: dict[str, Any]
    cart_kind: str | None
    value: Amount | None
    order: str | None
    deal: Logged | None
    heard: Heard | None
    by_hand: ByHandRef | None
    campaign: CampaignRef | None

    @classmethod
    def of(cls, chapter: Chapter) -> "ChapterShape":
        """The same, as it travels."""
        run = chapter.run
        return cls(
            at=chapter.at,
            kind=chapter.kind.value,
            is_ahead=chapter.is_ahead,
            recovery=None if run is None else RecoveryRef.of(run),
            step=chapter.step,
            channel=chapter.channel,
            outcome=chapter.outcome,
            reason=chapter.reason,
            to_address=chapter.to_address,
            subject=chapter.subject,
            facts=dict(chapter.facts),
            cart_kind=chapter.cart_kind,
            value=_amount(chapter.value),
            order=chapter.order,
            deal=None if chapter.deal is None else Logged.of(chapter.deal),
            heard=None if chapter.heard is None else Heard.of(chapter.heard),
            by_hand=None if chapter.by_hand is None else ByHandRef.of(chapter.by_hand),
            campaign=None if chapter.campaign is None else CampaignRef.of(chapter.campaign),
        )


class ShopLimits(BaseModel):
    """A connected shop, and what its platform can't do (docs/how-to/add-a-connector.md names it all)."""

    connection: str
    platform: str
    cannot: list[str]


class Trail(BaseModel):
    """A cart's story in order, what is ahead last; and what the connected shops can't do for it."""

    cart_id: UUID
    token: str
    state: str
    contact_id: UUID | None
    chapters: list[ChapterShape]
    shop_limits: list[ShopLimits]

    @classmethod
    def of(cls, story: Story, limits: Sequence[Limits] = ()) -> "Trail":
        """The same, as it travels."""
        cart = story.cart
        return cls(
            cart_id=cart.id,
            token=cart.token,
            state=cart.state,
            contact_id=cart.contact_id,
            chapters=[ChapterShape.of(chapter) for chapter in story.chapters],
            shop_limits=[
                ShopLimits(
                    connection=one.connection,
                    platform=one.platform,
                    cannot=[each.value for each in one.cannot],
                )
                for one in limits
            ],
        )


def _amount(value: Money | None) -> Amount | None:
    return None if value is None else Amount.of(value.minor, value.currency)
