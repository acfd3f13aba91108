"""Connections: shops' platforms, connected and told of: what they can't do, the gaps asking has filled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_time, by_time, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, LongWords, Words
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import Connector
from ripresa.core.config import ConfigError, load
from ripresa.domain.connections import gaps, queries
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import ConnectionExists
from ripresa.usecases.connected.connecting import Connected, Wanted, connect_shop
from ripresa.usecases.connected.limits import cannot
from ripresa.usecases.connections import Connections

router = Router(tags=["connections"])


class ConnectionShape(BaseModel):
    """A shop's platform as we hear it; of its settings and addresses nothing.

    `heard` counts events that were new, `missed` those of them that only asking brought, `refused` parts
    that could not be read. `cannot`: what this platform can't do. `webhooks`: how its webhooks stood when
    they were looked at last. `trouble`: why it can't be asked, and `remedy` what helps: wait, renew (other
    credentials), install (let the app into the shop), allow (something in the shop), ours (this install).
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
    remedy: str
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
            webhooks={name: said for name, said in one.standing.items() if name != "said"},
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


class ShopToConnect(Asked):
    """A shop to hear from now on. `settings` are those its platform asks for, the secret ones as well.

    What is wrong with them is told by name. An empty `name`: that of the platform.
    """

    platform: Words
    name: Words = ""
    settings: dict[Words, LongWords] = Field(default_factory=dict)


class ConnectedShape(ConnectionShape):
    """A shop that is heard from now on.

    `webhook_url` is what the shop is to call about `topics`; null: it calls nobody. The webhooks it could
    be asked to make are made already (`webhooks`). `install_url`: where a person lets us into the shop with
    her browser; null: we are in.
    """

    webhook_url: str | None
    install_url: str | None
    topics: list[str]

    @classmethod
    def of_new(cls, one: Connected) -> "ConnectedShape":
        """The same, as it travels."""
        return cls(
            **ConnectionShape.of(one.connection).model_dump(),
            webhook_url=one.webhook_url,
            install_url=one.install_url,
            topics=list(connectors()[one.connection.platform].topics),
        )


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


@router.post(
    "/connections",
    response={201: ConnectedShape},
    auth=WRITE,
    operation_id="connect_shop",
)
def connect(request: ApiRequest, asked: ShopToConnect) -> Status[ConnectedShape]:
    """Hear a shop from now on, as `ripresa connect` does. The answer says what the shop is to call."""
    try:
        made = connect_shop(
            Connections(connectors()),
            load(),
            Wanted(asked.platform, asked.name, asked.settings),
            shop_id=request.shop.id,
            now=request.now,
        )
    except BadSettings as wrong:
        raise Refused.field("settings", str(wrong)) from None
    except ConnectionExists as taken:
        raise Refused(
            409, f"the shop has a connection {taken} already: give another name"
        ) from None
    except ConfigError as ours:
        raise Refused(409, str(ours)) from None
    return Status(201, ConnectedShape.of_new(made))


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
