"""Segments: conditions over people as files, and whom they have, by the query that would write to them."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, SEND, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.shapes.yaml_file import FILE_IN, FILE_OUT, answer_file, invalid, read_file
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.plans_in_force import live_over
from ripresa.domain.segments import queries
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.queries import condition_of
from ripresa.domain.segments.reading import parse_segment
from ripresa.usecases.segments import keep

router = Router(tags=["segments"])

_FIRST = UUID(int=0)


class SegmentShape(BaseModel):
    """People chosen by a saved condition."""

    id: UUID
    name: str
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, segment: Segment) -> "SegmentShape":
        """The same, as it travels."""
        return cls(**{name: getattr(segment, name) for name in cls.model_fields})


class CountShape(BaseModel):
    """How many there are now, and how many of them could be written to by each way."""

    people: int
    with_email: int
    with_phone: int
    with_address: int


class MemberShape(BaseModel):
    """Somebody in it, and the cart of hers that a message would speak of, if there is one."""

    contact_id: UUID
    cart_id: UUID | None


@router.get("/segments", response=Page[SegmentShape], auth=READ, operation_id="list_segments")
def list_segments(request: ApiRequest) -> Page[SegmentShape]:
    """All segments of the shop by name, on one page."""
    found = queries.list_segments(request.shop.id)
    return Page[SegmentShape](items=[SegmentShape.of(each) for each in found], next=None)


@router.post(
    "/segments",
    response=SegmentShape,
    auth=WRITE,
    operation_id="save_segment",
    openapi_extra=FILE_IN,
)
def save_segment(request: ApiRequest) -> SegmentShape:
    """Store a segment file under its name; one of that name is changed."""
    text = read_file(request)
    try:
        read = parse_segment(text, file_name="segment.yaml", currency=request.shop.currency)
    except ScenarioInvalid as wrong:
        raise invalid(wrong) from None
    live = live_over(request.shop.id, read.name)
    if live and SEND.scope not in request.auth.scopes:
        raise Refused(
            403, f"{live[0]!r} is live for this segment: to change it takes the scope 'send'"
        )
    saved = keep.save_by_name(shop_id=request.shop.id, segment=read, text=text, now=request.now)
    return SegmentShape.of(saved)


@router.get("/segments/{segment_id}", response=SegmentShape, auth=READ, operation_id="get_segment")
def get_segment(request: ApiRequest, segment_id: UUID) -> SegmentShape:
    """One segment."""
    return SegmentShape.of(_find(request, segment_id))


@router.get(
    "/segments/{segment_id}/file",
    auth=READ,
    operation_id="export_segment",
    openapi_extra=FILE_OUT,
)
def export_segment(request: ApiRequest, segment_id: UUID) -> HttpResponse:
    """Its file, word for word."""
    return answer_file(_find(request, segment_id).text)


@router.get(
    "/segments/{segment_id}/count", response=CountShape, auth=READ, operation_id="count_segment"
)
def count_segment(request: ApiRequest, segment_id: UUID) -> CountShape:
    """How many people it has now."""
    condition = condition_of(_find(request, segment_id))
    counted = queries.count(request.shop.id, condition, now=request.now)
    return CountShape(**counted._asdict())


@router.get(
    "/segments/{segment_id}/people",
    response=Page[MemberShape],
    auth=READ,
    operation_id="list_people_of_segment",
)
def list_people(request: ApiRequest, segment_id: UUID, asked: Query[Paging]) -> Page[MemberShape]:
    """Whom it has now, those known longest first."""
    condition = condition_of(_find(request, segment_id))
    found = queries.list_members(
        request.shop.id,
        condition,
        now=request.now,
        after=by_id(request, asked) or _FIRST,
        limit=asked.limit + 1,
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.contact_id))
    items = [MemberShape(contact_id=row.contact_id, cart_id=row.cart_id) for row in rows]
    return Page[MemberShape](items=items, next=following)


def _find(request: ApiRequest, segment_id: UUID) -> Segment:
    segment = queries.find_segment(request.shop.id, segment_id)
    if segment is None:
        raise NotFound("segment")
    return segment
