"""Coupons: pools, what is left in them, adding codes, and who got which."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_time, by_time, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Instant, Maybe, Words
from ripresa.domain.coupons import pools
from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.coupons.operations import Stock, stock
from ripresa.domain.coupons.queries import find_pool, pool_ids
from ripresa.usecases.coupons.add_codes import NewCode, NotDynamic, add_codes
from ripresa.usecases.coupons.given import Given, list_given
from ripresa.usecases.coupons.keeping import make_pool

router = Router(tags=["coupons"])

MOST_CODES = 5_000


class PoolShape(BaseModel):
    """Codes for one purpose. static: one for everybody; dynamic: each person her own.

    `left`: codes that can still be given, null for a static pool. `is_low`: at the mark or under it.
    """

    id: UUID
    name: str
    kind: str
    code: str | None
    expires_at: datetime | None
    low_water: int | None
    created_at: datetime
    left: int | None
    expired: int
    given: int
    is_low: bool

    @classmethod
    def of(cls, stands: Stock, pool_id: UUID) -> "PoolShape":
        """The same, as it travels."""
        said = stands._asdict()
        return cls(id=pool_id, name=said.pop("pool"), **said)


class GivenShape(BaseModel):
    """A code in somebody's hand. reserved until `sent_at`; used once an order carried it, `used_at`.

    `origin`: the scenario or campaign by name, empty for what was sent by hand.
    """

    id: UUID
    code: str
    state: Literal["reserved", "sent", "used"]
    contact_id: UUID
    email: str | None
    first_name: str | None
    last_name: str | None
    origin_kind: str
    origin: str
    step: str
    reserved_at: datetime
    sent_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    order_number: str | None

    @classmethod
    def of(cls, one: Given) -> "GivenShape":
        """The same, as it travels."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class NewPool(Asked):
    """A pool to make. With `code` it is static, and may end; without, it is filled with codes."""

    name: Annotated[Words, Field(min_length=1)]
    code: Maybe[Words] = None
    expires_at: Maybe[Instant] = None
    low_water: Maybe[Annotated[int, Field(ge=0, le=1_000_000)]] = None


class CodeIn(Asked):
    """A code, and how long the shop takes it."""

    code: Words
    expires_at: Maybe[Instant] = None


class CodesIn(Asked):
    """Codes to add."""

    codes: Annotated[list[CodeIn], Field(min_length=1, max_length=MOST_CODES)]


class Fault(BaseModel):
    """Why a code was not stored; `row` counts from 1."""

    row: int
    message: str


class AddedShape(BaseModel):
    """What became of the codes. `known`: in this pool already; `elsewhere`: in another one."""

    stored: int
    repeated: int
    known: int
    elsewhere: int
    faults: list[Fault]


@router.get("/coupons/pools", response=Page[PoolShape], auth=READ, operation_id="list_pools")
def list_pools(request: ApiRequest) -> Page[PoolShape]:
    """All pools of the shop by name, on one page, with what is left in each."""
    ids = pool_ids(request.shop.id)
    items = [
        PoolShape.of(each, ids[each.pool])
        for each in stock(shop_id=request.shop.id, now=request.now)
        if each.pool in ids
    ]
    return Page[PoolShape](items=items, next=None)


@router.post(
    "/coupons/pools",
    response={201: PoolShape},
    auth=WRITE,
    operation_id="create_pool",
)
def create_pool(request: ApiRequest, asked: NewPool) -> Status[PoolShape]:
    """Make a pool. 409 if there is one of that name."""
    if asked.code is None and asked.expires_at is not None:
        raise Refused.field("expires_at", "is for a static code; other codes bring their own")
    if asked.code is not None and asked.low_water is not None:
        raise Refused.field("low_water", "is not for a static code: it is never used up")
    try:
        made = make_pool(
            shop_id=request.shop.id,
            name=asked.name,
            now=request.now,
            code=asked.code,
            expires_at=asked.expires_at,
            low_water=pools.LOW_WATER if asked.low_water is None else asked.low_water,
        )
    except pools.PoolExists as wrong:
        raise Refused(409, str(wrong)) from None
    except pools.PoolRefused as wrong:
        raise Refused(422, str(wrong)) from None
    return Status(201, _shape(request, made))


@router.get("/coupons/pools/{pool_id}", response=PoolShape, auth=READ, operation_id="get_pool")
def get_pool(request: ApiRequest, pool_id: UUID) -> PoolShape:
    """One pool."""
    return _shape(request, _find(request, pool_id))


@router.get(
    "/coupons/pools/{pool_id}/given",
    response=Page[GivenShape],
    auth=READ,
    operation_id="list_given_codes",
)
def get_given(request: ApiRequest, pool_id: UUID, asked: Query[Paging]) -> Page[GivenShape]:
    """Who has got which code of the pool, given latest first, and whether she bought with it."""
    found = list_given(
        shop_id=request.shop.id,
        pool_id=_find(request, pool_id).id,
        older_than=by_time(request, asked),
        limit=asked.limit + 1,
    )
    rows, following = cut(request, asked, found, lambda row: at_time(row.reserved_at, row.id))
    return Page[GivenShape](items=[GivenShape.of(row) for row in rows], next=following)


@router.post(
    "/coupons/pools/{pool_id}/codes",
    response=AddedShape,
    auth=WRITE,
    operation_id="add_codes",
)
def post_codes(request: ApiRequest, pool_id: UUID, asked: CodesIn) -> AddedShape:
    """Add codes: the new and sound ones are stored, of the others it says why not. Safe to repeat."""
    try:
        added = add_codes(
            shop_id=request.shop.id,
            pool=_find(request, pool_id),
            codes=[NewCode(each.code, each.expires_at) for each in asked.codes],
            now=request.now,
        )
    except NotDynamic as wrong:
        raise Refused(409, str(wrong)) from None
    return AddedShape(
        stored=added.counts.new,
        repeated=added.counts.repeated,
        known=added.counts.known,
        elsewhere=added.counts.elsewhere,
        faults=[Fault(row=each.row, message=each.message) for each in added.faults],
    )


def _find(request: ApiRequest, pool_id: UUID) -> CouponPool:
    pool = find_pool(request.shop.id, pool_id)
    if pool is None:
        raise NotFound("pool")
    return pool


def _shape(request: ApiRequest, pool: CouponPool) -> PoolShape:
    found = stock(shop_id=request.shop.id, now=request.now)
    return next(PoolShape.of(each, pool.id) for each in found if each.pool == pool.name)
