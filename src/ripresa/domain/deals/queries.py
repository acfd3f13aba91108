"""Reading deals: where they stand, and what people did with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from ripresa.core import query
from ripresa.domain.deals.models import Agent, Deal, DealActivity, Stage

run = partial(query.run, "ripresa.domain.deals")


class DealHold(NamedTuple):
    """What people did with the latest deal of a cart: what may hold or end its automatic mail.

    `snoozed_until` only while it lasts; `contacted_at` and `replied_at` are the latest of each, and may
    be older than the abandonment one asks about.
    """

    taken_over_by: str | None
    snoozed_until: datetime | None
    contacted_at: datetime | None
    replied_at: datetime | None


def stages_of(*, shop_id: int, cart_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The key of the stage in which the open deal of each cart stands; carts without one are absent."""
    return dict(run("stages_of", shop_id=shop_id, cart_ids=list(cart_ids))) if cart_ids else {}


def holds_of(*, shop_id: int, cart_ids: Sequence[UUID], now: datetime) -> dict[UUID, DealHold]:
    """What people did with the deals of these carts; carts that never had one are absent."""
    if not cart_ids:
        return {}
    rows = run("holds_of", shop_id=shop_id, cart_ids=list(cart_ids), now=now)
    return {cart_id: DealHold(*hold) for cart_id, *hold in rows}


@dataclass(frozen=True, slots=True)
class DealFilter:
    """Which deals. `stage`: a key; `agent`: an address; `is_open` None: closed ones as well."""

    stage: str | None = None
    agent: str | None = None
    is_open: bool | None = None
    cart_id: UUID | None = None
    contact_id: UUID | None = None


def list_deals(
    *, shop_id: int, only: DealFilter, older_than: UUID | None, limit: int
) -> list[Deal]:
    """Deals, each with its stage loaded, the newest first: ids sort by time."""
    wanted = {
        "stage__key": only.stage,
        "agent__email": only.agent,
        "cart_id": only.cart_id,
        "contact_id": only.contact_id,
        "closed_at__isnull": only.is_open,
        "id__lt": older_than,
    }
    found = Deal.objects.filter(shop_id=shop_id).select_related("stage")
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    return list(found.order_by("-id")[:limit])


def list_board(*, shop_id: int, agent: str | None, is_open: bool, most: int) -> list[Deal]:
    """The newest deals of each stage, at most so many, of one agent (an address) or of everybody.

    An agent's are those she is in charge of, and those she has taken over.
    """
    found = Deal.objects.filter(shop_id=shop_id, closed_at__isnull=is_open)
    if agent is not None:
        hers = Agent.objects.filter(shop_id=shop_id, email=agent).values("id")
        found = found.filter(Q(agent_id__in=hers) | Q(taken_over_by=agent))
    place = Window(RowNumber(), partition_by=F("stage_id"), order_by=F("id").desc())
    return list(
        found.select_related("stage").annotate(place=place).filter(place__lte=most).order_by("-id")
    )


def find_deal(*, shop_id: int, deal_id: UUID) -> Deal | None:
    """One deal of the shop, with its stage loaded."""
    return Deal.objects.filter(shop_id=shop_id, id=deal_id).select_related("stage").first()


def agents_by_id(*, shop_id: int, agent_ids: Iterable[UUID | None]) -> dict[UUID, Agent]:
    """The agents of these ids; None, for deals that are nobody's, is left out."""
    wanted = [agent_id for agent_id in agent_ids if agent_id is not None]
    return {agent.id: agent for agent in Agent.objects.filter(shop_id=shop_id, id__in=wanted)}


def log_of(*, shop_id: int, deal_id: UUID) -> list[DealActivity]:
    """Everything that was done with a deal, in the order in which it happened."""
    return _told(DealActivity.objects.filter(shop_id=shop_id, deal_id=deal_id))


def log_of_cart(*, shop_id: int, cart_id: UUID) -> list[DealActivity]:
    """Everything that was done with the deals about a cart, in the order in which it happened."""
    deals = Deal.objects.filter(shop_id=shop_id, cart_id=cart_id).values("id")
    return _told(DealActivity.objects.filter(shop_id=shop_id, deal_id__in=deals))


def _told(found: QuerySet[DealActivity]) -> list[DealActivity]:
    stage = Stage.objects.filter(shop_id=OuterRef("shop_id"), key=OuterRef("to_stage"))
    listed = list(found.annotate(called=Subquery(stage.values("name"))).order_by("at", "id"))
    for done in listed:
        done.stage_called = done.called or ""
    return [*listed]


def find_agent(*, shop_id: int, agent_id: UUID) -> Agent | None:
    """One agent of the shop, active or not."""
    return Agent.objects.filter(shop_id=shop_id, id=agent_id).first()


def agent_ids(*, shop_id: int) -> dict[str, UUID]:
    """The id of each agent of the shop, active or not, by address."""
    return dict(Agent.objects.filter(shop_id=shop_id).values_list("email", "id"))
