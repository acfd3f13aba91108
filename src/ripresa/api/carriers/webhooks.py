"""Webhooks out: endpoints, the log of their calls, and telling again."""

import json
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Instant, Maybe, Words
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.webhooks import endpoints, log
from ripresa.domain.webhooks.endpoints import EndpointExists
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.usecases.webhooks import endpoints as use_case
from ripresa.usecases.webhooks.endpoints import Endpoints, NotAnEndpoint

router = Router(tags=["webhooks"])

State = Literal["waiting", "delivered", "given_up"]
# As long as an endpoint may be; what it is, the use case looks at.
Url = Annotated[str, Field(max_length=2_000)]


class WebhookShape(BaseModel):
    """An endpoint. `types` as they were asked for; `state` off: see `off_reason`.

    `failing_since`: nothing has arrived since, though calls were made.
    """

    id: UUID
    name: str
    url: str
    types: list[str]
    state: Literal["on", "paused", "off"]
    off_reason: str
    failing_since: datetime | None
    arrived_at: datetime | None
    waiting: int
    given_up: int

    @classmethod
    def of(cls, one: WebhookEndpoint) -> "WebhookShape":
        """The same, as it travels, with how much waits."""
        counted = log.count(one)
        return cls.model_validate(
            {
                "id": one.id,
                "name": one.name,
                "url": one.url,
                "types": one.patterns,
                "state": one.state,
                "off_reason": one.off_reason,
                "failing_since": one.failing_since,
                "arrived_at": one.arrived_at,
                "waiting": counted.waiting,
                "given_up": counted.given_up,
            }
        )


class WebhookMade(BaseModel):
    """An endpoint with the secret that signs its calls, which is never shown again."""

    webhook: WebhookShape
    secret: str


class WebhookToAdd(Asked):
    """An endpoint to add. Without `types` it hears everything."""

    name: Words
    url: Url
    types: Annotated[list[Words], Field(default_factory=list, max_length=100)]


class WebhookChange(Asked):
    """What is to change; what is left out stays."""

    url: Maybe[Url] = None
    types: Maybe[Annotated[list[Words], Field(min_length=1, max_length=100)]] = None


class Turning(Asked):
    """For how many hours the old secret signs as well."""

    overlap_hours: Annotated[int, Field(ge=0, le=720)] = 24


class Replaying(Asked):
    """What to tell again: one event, or what happened from `since` and before `until` (now)."""

    event_id: Maybe[UUID] = None
    since: Maybe[Instant] = None
    until: Maybe[Instant] = None


class Told(BaseModel):
    """The event of a test."""

    event_id: UUID


class ReplayCount(BaseModel):
    """How many events are told again."""

    events: int


class Asking(Paging):
    """Which deliveries."""

    state: Maybe[State] = None


class DeliveryShape(BaseModel):
    """One event for one endpoint. `status`, `problem` and `milliseconds` are those of the latest call."""

    event_id: UUID
    type: str
    happened_at: datetime
    state: State
    due_at: datetime | None
    attempts: int
    settled_at: datetime | None
    status: int | None
    problem: str | None
    milliseconds: int | None


class AttemptShape(BaseModel):
    """One call that was made. `status` null: nobody answered, see `problem`. `reply`: how it began."""

    at: datetime
    milliseconds: int
    status: int | None
    problem: str
    reply: str


class DeliveryDetail(BaseModel):
    """What was told of an event, null before its first call, and every call that was made."""

    told: Any
    calls: list[AttemptShape]


@router.get("/webhooks", response=Page[WebhookShape], auth=READ, operation_id="list_webhooks")
def list_webhooks(request: ApiRequest) -> Page[WebhookShape]:
    """All endpoints of the shop by name, on one page."""
    items = [WebhookShape.of(one) for one in endpoints.list_endpoints(request.shop.id)]
    return Page[WebhookShape](items=items, next=None)


@router.post("/webhooks", response={201: WebhookMade}, auth=WRITE, operation_id="add_webhook")
def add_webhook(request: ApiRequest, asked: WebhookToAdd) -> Status[WebhookMade]:
    """Tell one more address what happens from now on."""
    try:
        made = Endpoints().add(
            shop_id=request.shop.id,
            name=asked.name,
            url=asked.url,
            patterns=asked.types,
            now=request.now,
        )
    except NotAnEndpoint as wrong:
        raise Refused.field(wrong.field, str(wrong)) from None
    except EndpointExists as taken:
        raise Refused(409, str(taken)) from None
    return Status(201, WebhookMade(webhook=WebhookShape.of(made.endpoint), secret=made.secret))


@router.get("/webhooks/{endpoint_id}", response=WebhookShape, auth=READ, operation_id="get_webhook")
def get_webhook(request: ApiRequest, endpoint_id: UUID) -> WebhookShape:
    """One endpoint."""
    return WebhookShape.of(_find(request, endpoint_id))


@router.patch(
    "/webhooks/{endpoint_id}", response=WebhookShape, auth=WRITE, operation_id="change_webhook"
)
def change_webhook(request: ApiRequest, endpoint_id: UUID, asked: WebhookChange) -> WebhookShape:
    """Give it another address, or other types, from now on."""
    try:
        use_case.change(
            _find(request, endpoint_id), url=asked.url, patterns=asked.types, now=request.now
        )
    except NotAnEndpoint as wrong:
        raise Refused.field(wrong.field, str(wrong)) from None
    return WebhookShape.of(_find(request, endpoint_id))


@router.delete(
    "/webhooks/{endpoint_id}", response={204: None}, auth=WRITE, operation_id="remove_webhook"
)
def remove_webhook(request: ApiRequest, endpoint_id: UUID) -> Status[None]:
    """Forget it, with what it was to hear and the log of its calls."""
    use_case.remove(_find(request, endpoint_id), now=request.now)
    return Status(204, None)


@router.post(
    "/webhooks/{endpoint_id}/pause", response=WebhookShape, auth=WRITE, operation_id="pause_webhook"
)
def pause_webhook(request: ApiRequest, endpoint_id: UUID) -> WebhookShape:
    """Call it no more; what happens meanwhile waits."""
    use_case.pause(_find(request, endpoint_id), now=request.now)
    return WebhookShape.of(_find(request, endpoint_id))


@router.post(
    "/webhooks/{endpoint_id}/resume",
    response=WebhookShape,
    auth=WRITE,
    operation_id="resume_webhook",
)
def resume_webhook(request: ApiRequest, endpoint_id: UUID) -> WebhookShape:
    """Call it again, also after it was switched off; what waited goes out at once."""
    use_case.resume(_find(request, endpoint_id), now=request.now)
    return WebhookShape.of(_find(request, endpoint_id))


@router.post(
    "/webhooks/{endpoint_id}/rotate",
    response=WebhookMade,
    auth=WRITE,
    operation_id="rotate_webhook",
)
def rotate_webhook(request: ApiRequest, endpoint_id: UUID, asked: Turning) -> WebhookMade:
    """Sign with a new secret; the old one signs as well for a while."""
    overlap = timedelta(hours=asked.overlap_hours)
    try:
        made = Endpoints().rotate(_find(request, endpoint_id), overlap=overlap, now=request.now)
    except CannotOpen as trouble:
        raise Refused(409, str(trouble)) from None
    return WebhookMade(webhook=WebhookShape.of(_find(request, endpoint_id)), secret=made.secret)


@router.post(
    "/webhooks/{endpoint_id}/test", response={202: Told}, auth=WRITE, operation_id="test_webhook"
)
def test_webhook(request: ApiRequest, endpoint_id: UUID) -> Status[Told]:
    """Tell it that nothing happened: a worker makes the call in a moment."""
    event_id = use_case.send_test(_find(request, endpoint_id), request.now)
    return Status(202, Told(event_id=event_id))


@router.post(
    "/webhooks/{endpoint_id}/replay",
    response={202: ReplayCount},
    auth=WRITE,
    operation_id="replay_webhook",
)
def replay_webhook(request: ApiRequest, endpoint_id: UUID, asked: Replaying) -> Status[ReplayCount]:
    """Tell it again, under the same ids: one event, or all that fits it in a time."""
    endpoint = _find(request, endpoint_id)
    if (asked.event_id is None) == (asked.since is None):
        raise Refused.field("since", "say either event_id, or since and perhaps until")
    if asked.event_id is not None:
        count = int(log.replay_event(endpoint, asked.event_id, request.now))
    else:
        since, until = asked.since or request.now, asked.until or request.now
        count = log.replay_range(endpoint, since, until, request.now)
    return Status(202, ReplayCount(events=count))


@router.get(
    "/webhooks/{endpoint_id}/deliveries",
    response=Page[DeliveryShape],
    auth=READ,
    operation_id="list_webhook_deliveries",
)
def list_deliveries(
    request: ApiRequest, endpoint_id: UUID, asked: Query[Asking]
) -> Page[DeliveryShape]:
    """What it was told, the latest first, and what came of it."""
    endpoint = _find(request, endpoint_id)
    found = log.list_deliveries(
        endpoint, state=asked.state, before=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.event_id))
    shapes = [DeliveryShape.model_validate(row._asdict()) for row in rows]
    return Page[DeliveryShape](items=shapes, next=following)


@router.get(
    "/webhooks/{endpoint_id}/deliveries/{event_id}",
    response=DeliveryDetail,
    auth=READ,
    operation_id="get_webhook_delivery",
)
def get_delivery(request: ApiRequest, endpoint_id: UUID, event_id: UUID) -> DeliveryDetail:
    """What was told of one event, and every call that was made for it."""
    endpoint = _find(request, endpoint_id)
    if not log.has_delivery(endpoint, event_id):
        raise NotFound("delivery")
    body = log.body_of(endpoint.shop_id, event_id)
    calls = [
        AttemptShape(
            at=one.at,
            milliseconds=one.milliseconds,
            status=one.status,
            problem=one.problem,
            reply=one.reply,
        )
        for one in log.attempts_of(endpoint, [event_id])
    ]
    return DeliveryDetail(told=None if body is None else json.loads(body), calls=calls)


def _find(request: ApiRequest, endpoint_id: UUID) -> WebhookEndpoint:
    found = endpoints.find(request.shop.id, endpoint_id)
    if found is None:
        raise NotFound("webhook")
    return found
