"""The two questions of SCN-16: what would it have done to everybody, what would it do to her."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ripresa.core.money import Money
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.shops.models import Shop
from ripresa.usecases.replay.history import carts_since, history_of
from ripresa.usecases.replay.rehearsal import Line, Script, rehearse
from ripresa.usecases.replay.sample import Sample, story_of
from ripresa.usecases.shop_channels import open_shop_channels

# As long as what happened to a cart is kept (domain/carts: CartActivity).
MOST_DAYS = 90
_HAPPENED_BEFORE = "before_activation"
Tick = Callable[[datetime], None]


class NobodyThere(Exception):
    """Nobody is known behind the cart, so nobody would hear anything."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a scenario would have done. `sent` and `cost` by channel; the cost only where a price is known."""

    carts: int
    people: int
    coupons: int
    sent: Mapping[str, int]
    cost: Mapping[str, Decimal]
    outcomes: Mapping[str, Mapping[str, int]]
    lines: Sequence[Line]


def count_carts(*, shop_id: int, days: int, now: datetime) -> int:
    """How many carts a replay over so many days would go through."""
    return len(carts_since(shop_id, now - timedelta(days=days)))


def replay(
    *,
    shop: Shop,
    plan: Plan,
    days: int,
    prices: Mapping[str, Decimal],
    now: datetime,
    tick: Tick,
) -> Replayed:
    """Run `plan` over the shop's own carts of the last `days`.

    `prices` per message, by channel, in place of what the price lists of the shop's accounts say.
    Raises ValueError for days that are not kept any more.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"days must be 1 to {MOST_DAYS}: what happened before is not kept")
    since = now - timedelta(days=days)
    cart_ids = carts_since(shop.id, since)
    script = Script(plan, history_of(shop.id, cart_ids), since, now)
    with closing(open_shop_channels()) as shops:
        told = rehearse(shop, script, tick, shops.of(shop.id, now))
    listed = {
        channel: Money(minor, shop.currency).decimal() for channel, minor in told.costs.items()
    }
    lines = [line for line in told.lines if line.reason != _HAPPENED_BEFORE]
    return _summed_up(lines, told.coupons, prices, listed)


def try_cart(*, shop: Shop, plan: Plan, cart_id: UUID, tick: Tick) -> list[Line]:
    """What `plan` would do about one cart if nothing happened to it after it was last touched.

    Raises Cart.DoesNotExist, NobodyThere.
    """
    cart = Cart.objects.get(shop_id=shop.id, id=cart_id)
    if cart.contact_id is None:
        raise NobodyThere(f"nobody is known behind the cart {cart.token}")
    hers = Cart.objects.filter(shop_id=shop.id, contact_id=cart.contact_id)
    history = history_of(shop.id, sorted(hers.values_list("id", flat=True)))
    # Identified later than she left: that still belongs to what is known of this cart.
    last = max(cart.left_at, cart.reachable_at or cart.left_at)
    until_then = [delivery for delivery in history if delivery.received_at <= last]
    told = rehearse(shop, Script(plan, until_then, cart.left_at, None), tick)
    return [line for line in told.lines if line.cart == cart.token]


def try_sample(*, shop: Shop, plan: Plan, sample: Sample, now: datetime, tick: Tick) -> list[Line]:
    """What `plan` would do about a made-up cart, of the kind it takes up, that is left behind at `now`."""
    story = story_of(sample, now, at_checkout=plan.trigger == "checkout")
    return rehearse(shop, Script(plan, story, now, None), tick).lines


def _summed_up(
    lines: Sequence[Line],
    coupons: int,
    prices: Mapping[str, Decimal],
    listed: Mapping[str, Decimal],
) -> Replayed:
    sent = [line for line in lines if line.outcome == "sent"]
    by_channel = Counter(line.channel or "" for line in sent)
    by_hand = {
        channel: prices[channel] * by_channel[channel]
        for channel in prices
        if channel in by_channel
    }
    outcomes: dict[str, Counter[str]] = {}
    for line in lines:
        outcomes.setdefault(line.outcome, Counter())[line.reason] += 1
    return Replayed(
        carts=len({(line.cart, line.recovery) for line in lines}),
        people=len({line.contact for line in sent}),
        coupons=coupons,
        sent=dict(sorted(by_channel.items())),
        cost=dict(sorted({**listed, **by_hand}.items())),
        outcomes={outcome: dict(sorted(some.items())) for outcome, some in outcomes.items()},
        lines=lines,
    )
