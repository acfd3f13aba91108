"""Why a campaign wrote to somebody, or did not: for one person, by the code that decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.contracts.calling.sayings import said_by
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.queries import stored_plan
from ripresa.domain.campaigns.recipients import Told, find_told
from ripresa.domain.shops.models import Shop
from ripresa.usecases.campaigns.life import NotPossible, audience_of
from ripresa.usecases.campaigns.preview import Preview, Question, preview_one


@dataclass(frozen=True, slots=True)
class Why:
    """`told`: it has taken her. `is_in`: she is in its audience now. `would`: what would become of her.

    `problem`: why nobody can tell.
    """

    told: Told | None = None
    is_in: bool = False
    would: Preview | None = None
    problem: str = ""


def why(shop: Shop, campaign: Campaign, contact_id: UUID, *, now: datetime) -> Why:
    """What a campaign did for one person, or would do, and why."""
    told = find_told(campaign, contact_id)
    if told is not None:
        return Why(told)
    try:
        audience = audience_of(campaign)
    except NotPossible as wrong:
        return Why(problem=said_by(wrong))
    if not audience.among([contact_id], now=now):
        return Why()
    question = Question(shop, stored_plan(campaign), audience)
    return Why(is_in=True, would=preview_one(question, contact_id, now=now))
