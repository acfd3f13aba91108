"""Connections: the shops' platforms, what they can't do, and the gaps that asking them has filled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_time, by_time, cut
from ripresa.api.protocol.problems import NotFound
from ripresa.contracts.shops.connector import Connector
from ripresa.domain.connections import gaps, queries
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connected.limits import cannot

router = Router(tags=["connections"])


class ConnectionShape(BaseModel):
    """A shop's platform as we hear it; of its settings and addresses nothing.

    `heard` counts events that were new, `missed` those of them that only asking brought, `refused` parts
    that could not be read. `cannot`: what this platform can't do. `webhooks`: how its webhooks stood when
    they were looked at last. `trouble`: why it can't be asked.
    """

    id: UUID
    name: str
    platform: str
    cannot: list[str]
    heard: int
    missed: int
    refused: int
    last_heard_at: datetime | None
    asked_until: datetime
    trouble: str
    webhooks: dict[str, Any]
    created_at: datetime
    closed_at: datetime | None
    closed_reason: str

    @classmethod
    def of(cls, one: Connection) -> "ConnectionShape":
        """The same, as it travels."""
        own = [name for name in cls.model_fields if name not in {"cannot", "webhooks"}]
        return cls(
            cannot=[each.value for each in cannot(one, connectors())],
            webhooks=one.standing,
            **{name: getattr(one, name) for name in own},
        )


class GapShape(BaseModel):
    """What a shop's calls had not told at `found_at`, when it was asked; all of it was filled in then.

    `way`: asked (for all that changed since `since`) or before_sending (for orders of a few people).
    `by_type` counts events by type; they happened between `earliest_at` and `latest_at`.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    found_at: datetime
    way: str
    since: datetime
    events: int
    by_type: dict[str, int]
    earliest_at: datetime
    latest_at: datetime


def connectors() -> Mapping[str, Connector]:
    """The connectors there are, by name."""
    found: Mapping[str, Connector] = import_string(settings.CONNECTORS)
    return found


@router.get(
    "/connections", response=Page[ConnectionShape], auth=READ, operation_id="list_connections"
)
def list_connections(request: ApiRequest) -> Page[ConnectionShape]:
    """All connections of the shop, those that are open first, on one page."""
    items = [ConnectionShape.of(one) for one in queries.list_connections(request.shop.id)]
    return Page[ConnectionShape](items=items, next=None)


@router.get(
    "/connections/{connection_id}",
    response=ConnectionShape,
    auth=READ,
    operation_id="get_connection",
)
def get_connection(request: ApiRequest, connection_id: UUID) -> ConnectionShape:
    """One connection."""
    return ConnectionShape.of(_find(request, connection_id))


@router.get(
    "/connections/{connection_id}/gaps",
    response=Page[GapShape],
    auth=READ,
    operation_id="list_gaps",
)
def list_gaps(request: ApiRequest, connection_id: UUID, asked: Query[Paging]) -> Page[GapShape]:
    """Gaps that asking has found and filled, the newest first."""
    found = gaps.list_gaps(
        _find(request, connection_id), limit=asked.limit + 1, before=by_time(request, asked)
    )
    rows, following = cut(request, asked, found, lambda row: at_time(row.found_at, row.id))
    return Page[GapShape](items=[GapShape.model_validate(row) for row in rows], next=following)


def _find(request: ApiRequest, connection_id: UUID) -> Connection:
    found = queries.find(request.shop.id, connection_id)
    if found is None:
        raise NotFound("connection")
    return found
