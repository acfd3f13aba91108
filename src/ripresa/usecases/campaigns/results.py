"""What a campaign brought and what it cost: its figures, and what became of its messages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from ripresa.domain.campaigns import queries
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.campaigns.queries import Outcome, stored_plan
from ripresa.domain.shops.models import Shop
from ripresa.usecases.reporting.figures import Only, Row, table

_LEFT = frozenset({"sending", "sent", "unknown"})


@dataclass(frozen=True, slots=True)
class Results:
    """`figures` as the reports have them; `sent` and `cost_minor` as of now, in the shop's currency.

    `returned`: letters that the post brought back. `cost_minor` None: the file names no costs.
    """

    figures: Row
    people: int
    sent: int
    returned: int
    cost_minor: int | None
    outcomes: list[Outcome] = field(default_factory=list)


def results_of(
    shop: Shop, campaigns: Collection[Campaign], now: datetime
) -> Mapping[UUID, Results]:
    """The results of some campaigns, by id."""
    ids = [one.id for one in campaigns]
    if not ids:
        return {}
    zone = ZoneInfo(shop.timezone)
    begun = min(one.created_at for one in campaigns)
    only = Only(begun.astimezone(zone).date(), now.astimezone(zone).date(), origin_kind="campaign")
    rows = {row.key["origin_id"]: row for row in table(shop.id, only).rows}
    letters = {
        row.key["origin_id"]: row.counts["bounced"]
        for row in table(shop.id, replace(only, channel="letter")).rows
    }
    outcomes = queries.outcomes(shop.id, ids)
    people = queries.people_reached(shop.id, ids)
    return {
        one.id: Results(
            figures=rows.get(one.id, Row({})),
            people=people.get(one.id, 0),
            sent=sum(each.number for each in _gone(outcomes.get(one.id, []))),
            returned=letters.get(one.id, 0),
            cost_minor=_cost(one, outcomes.get(one.id, [])),
            outcomes=outcomes.get(one.id, []),
        )
        for one in campaigns
    }


def _gone(outcomes: list[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.state in _LEFT]


def _cost(campaign: Campaign, outcomes: list[Outcome]) -> int | None:
    costs = stored_plan(campaign).budget.costs
    if not costs:
        return None
    return sum(each.number * costs.get(each.channel, 0) for each in _gone(outcomes))
