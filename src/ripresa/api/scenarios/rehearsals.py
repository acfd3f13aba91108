"""What a scenario would do, asked without doing it (SCN-16): as `ripresa try` and `ripresa replay`."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Router
from pydantic import BaseModel, Field, StringConstraints

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Amount, Asked, Maybe, Words
from ripresa.api.scenarios.shapes import find
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.usecases.replay import asking
from ripresa.usecases.replay.rehearsal import Line
from ripresa.usecases.replay.sample import NotASample, Sample

router = Router(tags=["scenarios"])

# A rehearsal keeps a connection and a core busy all the while: so many seconds, so many carts, and in
# each web process one at a time. The command line has no such bounds.
SECONDS = 10.0
MOST_CARTS = 20_000
RETRY_SECONDS = 5
_turn = threading.Lock()

Decimals = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$")]
Channel = Literal["email", "sms", "letter"]


class SampleIn(Asked):
    """A made-up cart of one thing, and the made-up person who left it: she said yes to every channel."""

    value: Decimals
    language: Annotated[Words, Field(min_length=1)] = "en"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "IT"
    phone: Maybe[Words] = None
    agent: Maybe[Words] = None


class Trial(Asked):
    """One of the shop's carts, or a made-up one."""

    cart_id: Maybe[UUID] = None
    sample: Maybe[SampleIn] = None


class LineShape(BaseModel):
    """One decision. `recovery` counts the recoveries of the cart from 1."""

    at: datetime
    cart: str
    recovery: int
    contact: str
    branch: str | None
    step: str | None
    channel: str | None
    outcome: str
    reason: str
    to: str | None
    subject: str | None

    @classmethod
    def of(cls, line: Line) -> "LineShape":
        """The same, as it travels."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class Tried(BaseModel):
    """What would happen, in order; nothing: the scenario does not take the cart up."""

    version_id: UUID
    items: list[LineShape]


class Past(Asked):
    """How far back, and what a message costs by channel, in the shop's currency."""

    days: Annotated[int, Field(ge=1, le=asking.MOST_DAYS)] = 30
    prices: Annotated[dict[Channel, Decimals], Field(default_factory=dict)]


class Replayed(BaseModel):
    """What would have happened. `sent` and `cost` by channel; `outcomes`: how often each reason came."""

    version_id: UUID
    carts: int
    people: int
    coupons: int
    sent: dict[str, int]
    cost: dict[str, Amount]
    outcomes: dict[str, dict[str, int]]


@router.post("/scenarios/{scenario_id}/try", response=Tried, auth=READ, operation_id="try_scenario")
def try_scenario(request: ApiRequest, scenario_id: UUID, asked: Trial) -> Tried:
    """What its newest version would do about one cart if she never came back; nothing is touched."""
    version_id = find(request, scenario_id).version_id
    plan = plan_of(request.shop.id, version_id)
    with _rehearsing("run `ripresa try` on the server") as tick:
        lines = _try(request, asked, plan, tick)
    return Tried(version_id=version_id, items=[LineShape.of(line) for line in lines])


@router.post(
    "/scenarios/{scenario_id}/replay",
    response=Replayed,
    auth=READ,
    operation_id="replay_scenario",
)
def replay_scenario(request: ApiRequest, scenario_id: UUID, asked: Past) -> Replayed:
    """What its newest version would have done to the shop's own carts; nothing is touched."""
    version_id = find(request, scenario_id).version_id
    shop = request.shop
    way_out = "ask for fewer days, or run `ripresa replay` on the server"
    carts = asking.count_carts(shop_id=shop.id, days=asked.days, now=request.now)
    if carts > MOST_CARTS:
        raise Refused.field("days", f"{carts} carts were left in {asked.days} days: {way_out}")
    with _rehearsing(way_out) as tick:
        found = asking.replay(
            shop=shop,
            plan=plan_of(shop.id, version_id),
            days=asked.days,
            prices={channel: Decimal(price) for channel, price in asked.prices.items()},
            now=request.now,
            tick=tick,
        )
    cost = {
        channel: Amount(amount=f"{sum_:f}", currency=shop.currency)
        for channel, sum_ in found.cost.items()
    }
    told = {name: getattr(found, name) for name in ("carts", "people", "coupons", "sent")}
    outcomes = {outcome: dict(reasons) for outcome, reasons in found.outcomes.items()}
    return Replayed(version_id=version_id, cost=cost, outcomes=outcomes, **told)


@contextmanager
def turn() -> Iterator[None]:
    """The only place there is in this process. Raises Refused."""
    if not _turn.acquire(blocking=False):
        raise Refused(
            429,
            "another scenario is being tried or replayed at this moment; try again",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
    try:
        yield
    finally:
        _turn.release()


class _TooLong(Exception):
    """The time is over."""


@contextmanager
def _rehearsing(way_out: str) -> Iterator[asking.Tick]:
    """Around a rehearsal: gives what it calls at each instant, which ends it when its time is over."""
    ends_at = time.monotonic() + SECONDS

    def tick(_now: datetime) -> None:
        if time.monotonic() >= ends_at:
            raise _TooLong

    with turn():
        try:
            yield tick
        except _TooLong:
            raise Refused(422, f"this takes longer than {SECONDS:g} seconds: {way_out}") from None
        except asking.NobodyThere as wrong:
            raise Refused(409, str(wrong)) from None
        except NotASample as wrong:
            raise Refused.field("sample", str(wrong)) from None


def _try(request: ApiRequest, asked: Trial, plan: Plan, tick: asking.Tick) -> list[Line]:
    shop = request.shop
    match asked.cart_id, asked.sample:
        case UUID() as cart_id, None:
            if not Cart.objects.filter(shop=shop, id=cart_id).exists():
                raise NotFound("cart")
            return asking.try_cart(shop=shop, plan=plan, cart_id=cart_id, tick=tick)
        case None, SampleIn() as one:
            sample = Sample(
                Decimal(one.value), shop.currency, one.language, one.country, one.phone, one.agent
            )
            return asking.try_sample(
                shop=shop, plan=plan, sample=sample, now=request.now, tick=tick
            )
    raise Refused.field("cart_id", "name a cart, or give a sample: one of the two")
