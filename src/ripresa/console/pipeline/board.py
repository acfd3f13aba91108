"""The board: a column for each stage, a card for each deal."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import language
from ripresa.domain.carts import queries as carts
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.deals import queries as deals
from ripresa.domain.deals.models import Agent, Deal
from ripresa.domain.deals.pipeline import PipelineView, StageRow
from ripresa.usecases.agents import edit_pipeline

# Most deals of a column; the rest is told as a number. Closed ones are history: a few remind.
MOST_OPEN, MOST_CLOSED = 50, 8


@dataclass(frozen=True, slots=True)
class Card:
    """One deal with whom and what it is about. `is_asleep`: snoozed until an instant to come."""

    deal: Deal
    buyer: Contact | None
    cart: Cart | None
    agent: Agent | None
    is_asleep: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One stage with its newest deals. `more`: how many stand there beside these."""

    stage: StageRow
    cards: list[Card]
    more: int


def columns(request: ConsoleRequest, agent: str | None) -> tuple[PipelineView, list[Column]]:
    """The pipeline of the shop, laid if need be, with the deals of one agent or of everybody."""
    view = edit_pipeline.show(shop_id=request.shop.id, language=language(), now=request.now)
    found = {
        is_open: deals.list_board(
            shop_id=request.shop.id,
            agent=agent,
            is_open=is_open,
            most=MOST_OPEN if is_open else MOST_CLOSED,
        )
        for is_open in (True, False)
    }
    by_stage: dict[str, list[Card]] = defaultdict(list)
    for card in cards_of(request.shop.id, [*found[True], *found[False]], request.now):
        by_stage[card.deal.stage.key].append(card)
    return view, [_column(stage, by_stage[stage.key], agent) for stage in view.stages]


def _column(stage: StageRow, cards: list[Card], agent: str | None) -> Column:
    standing = stage.open_deals if stage.kind == "open" else stage.deals
    return Column(stage, cards, 0 if agent else max(standing - len(cards), 0))


def cards_of(shop_id: int, found: list[Deal], now: datetime) -> list[Card]:
    """These deals with their people, carts and agents: three statements, however many they are."""
    people = contacts.contacts_by_id(shop_id, [deal.contact_id for deal in found])
    agents = deals.agents_by_id(shop_id=shop_id, agent_ids=[deal.agent_id for deal in found])
    held: dict[UUID, Cart] = carts.carts_by_id(shop_id, [deal.cart_id for deal in found])
    return [
        Card(
            deal,
            people.get(deal.contact_id),
            held.get(deal.cart_id),
            agents.get(deal.agent_id) if deal.agent_id else None,
            deal.snoozed_until is not None and deal.snoozed_until > now,
        )
        for deal in found
    ]
