"""Fill the facts that conditions ask for: of many carts at once, and only what is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.carts.rules import Line
from ripresa.domain.contacts.places import country_of
from ripresa.domain.coupons import operations as coupons
from ripresa.domain.deals import queries as deals
from ripresa.domain.scenarios.audiences import customer_classes
from ripresa.domain.scenarios.conditions import CartFacts
from ripresa.domain.scenarios.plan import All, Amount, AnyOf, Condition, Not, Plan, Test

run = partial(query.run, "ripresa.domain.scenarios")


class Asked(NamedTuple):
    """A cart whose facts are wanted, for a plan: `key` is the caller's own (a recovery, a message).

    `at`: only orders up to then count, for one that is looked at afterwards; None: up to now.
    """

    key: UUID
    cart_id: UUID
    contact_id: UUID
    plan: Plan
    at: datetime | None = None


def facts_of_carts(*, shop_id: int, asked: Sequence[Asked], now: datetime) -> dict[UUID, CartFacts]:
    """The facts of each cart and its person as they are now, by the caller's keys.

    The stage of a deal and the coupon in hand are looked up if any of the plans asks for them.
    """
    if not asked:
        return {}
    plans = {id(one.plan): one.plan for one in asked}.values()
    names = {name for plan in plans for name in facts_asked(plan)}
    stages: Mapping[UUID, str] = {}
    if "deal_stage" in names:
        stages = deals.stages_of(shop_id=shop_id, cart_ids=[one.cart_id for one in asked])
    in_hand: set[UUID] = set()
    if "has_coupon" in names:
        contact_ids = sorted({one.contact_id for one in asked})
        in_hand = coupons.in_hand(shop_id=shop_id, contact_ids=contact_ids, now=now)
    rows = run(
        "cart_facts",
        shop_id=shop_id,
        keys=[one.key for one in asked],
        cart_ids=[one.cart_id for one in asked],
        contact_ids=[one.contact_id for one in asked],
        ats=[one.at or now for one in asked],
    )
    by_key = {one.key: one for one in asked}
    return {
        row.key: _facts(
            row,
            by_key[row.key].plan,
            at=by_key[row.key].at or now,
            stage=stages.get(by_key[row.key].cart_id),
            has_coupon=by_key[row.key].contact_id in in_hand,
        )
        for row in (_Row(*values) for values in rows)
    }


class _Row(NamedTuple):
    key: UUID
    currency: str
    total_minor: int
    item_count: int
    items: str
    source: str
    device: str
    country: str | None
    phone: str | None
    locale: str | None
    consent_email: str
    consent_sms: str
    shop_country: str
    latest_order_at: datetime | None


def _facts(
    row: _Row, plan: Plan, *, at: datetime, stage: str | None, has_coupon: bool
) -> CartFacts:
    lines = msgspec.json.decode(row.items, type=list[Line])
    return CartFacts(
        cart_value=Amount(row.total_minor, row.currency.strip()),
        item_count=row.item_count,
        skus=frozenset(line.sku for line in lines if line.sku),
        categories=frozenset(category for line in lines for category in line.categories),
        country=country_of(country=row.country, phone=row.phone, shop_country=row.shop_country),
        language=plan.language_for(row.locale),
        customer=customer_classes(
            row.latest_order_at, inactive_for=plan.audience.inactive_for, at=at
        ),
        consent_email=row.consent_email,
        consent_sms=row.consent_sms,
        source=row.source,
        device=row.device,
        deal_stage=stage,
        has_coupon=has_coupon,
    )


def has_conditions(plan: Plan) -> bool:
    """Whether which branch is taken depends on any fact."""
    return any(branch.when is not None for branch in plan.branches)


def facts_asked(plan: Plan) -> Iterator[str]:
    """The names of the facts for which the plan asks, in branches and steps."""
    for branch in plan.branches:
        for condition in (branch.when, *(step.only_if for step in branch.steps)):
            if condition is not None:
                yield from _names_in((condition,))


def _names_in(conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        match condition:
            case Test(fact):
                yield fact
            case All(of) | AnyOf(of):
                yield from _names_in(of)
            case Not(of):
                yield from _names_in((of,))


def told(facts: CartFacts, plan: Plan) -> dict[str, Any]:
    """What a decision keeps of the facts: the value and the country, and all that the plan asks for."""
    value = facts.cart_value
    words: dict[str, Any] = {
        "cart_value": str(Money(value.minor, value.currency).decimal()),
        "currency": value.currency,
        "country": facts.country,
    }
    several = {"sku": facts.skus, "category": facts.categories, "customer": facts.customer}
    for name in sorted(set(facts_asked(plan)) - set(words)):
        words[name] = (
            sorted(several[name]) if name in several else getattr(facts, name.replace(".", "_"))
        )
    return words
