"""Whom a condition has: counted, some of them shown, and who could not be written to and why (CMP-1).

All of it comes from the query and the code of the sending: what falls away is found by a rehearsal that is
taken back, as before a campaign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ripresa.contracts.reasons import Reason
from ripresa.domain.campaigns.audience import FIRST, Audience
from ripresa.domain.campaigns.plan import STEP, About, CampaignPlan
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.hours_of_file import USUAL
from ripresa.domain.scenarios.plan import Branch, Plan, Step
from ripresa.domain.segments import queries
from ripresa.domain.segments.conditions import Condition, cart_of_interest
from ripresa.domain.segments.queries import Count, Member
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.campaigns.preview import Preview, Question, preview

CHANNELS = ("email", "sms", "letter")
SAMPLE = 10
# So many are looked at while somebody waits for the page; everybody is counted.
LOOKED_AT = 200
_TEMPLATE = "reminder"


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody of a segment, and the cart that a message would speak of, if there is one."""

    contact: Contact
    cart: Cart | None


@dataclass(frozen=True, slots=True)
class Reach:
    """One channel: how many of those looked at can be written to, and who falls away why, most first."""

    channel: str
    reached: int
    falls_away: Sequence[tuple[Reason, int]]


@dataclass(frozen=True, slots=True)
class Reached:
    """Of `people`, `looked_at` were looked at."""

    people: int
    looked_at: int
    channels: Sequence[Reach]


def count(shop_id: int, condition: Condition, *, now: datetime) -> Count:
    """How many people it has."""
    return queries.count(shop_id, condition, now=now)


def sample(shop_id: int, condition: Condition, *, now: datetime) -> list[Shown]:
    """The first people of a condition, by the query that yields them to a campaign."""
    return people_of(shop_id, queries.list_members(shop_id, condition, now=now, limit=SAMPLE))


def people_of(shop_id: int, members: Sequence[Member]) -> list[Shown]:
    """Members with their contacts and carts."""
    ids = [one.contact_id for one in members]
    contacts = {one.id: one for one in Contact.objects.filter(shop_id=shop_id, id__in=ids)}
    carts = {
        one.id: one
        for one in Cart.objects.filter(
            shop_id=shop_id, id__in=[one.cart_id for one in members if one.cart_id]
        )
    }
    return [
        Shown(contacts[one.contact_id], carts.get(one.cart_id) if one.cart_id else None)
        for one in members
        if one.contact_id in contacts
    ]


def reach(shop: Shop, condition: Condition, *, now: datetime, most: int = LOOKED_AT) -> Reached:
    """Whom a plain message could reach in each channel, under the shop's usual terms."""
    about: About = "none"
    if cart_of_interest(condition).state == "not_recovered":
        about = "abandoned_cart"  # the law allows more of a reminder than of an offer
    plan = CampaignPlan(name=STEP, about=about, message=_message(shop, about), condition=condition)
    question = Question(shop, plan, Audience(shop.id, FIRST, about, condition))
    found = preview(question, now=now, most=most)
    return Reached(found.people, found.looked_at, [_reach(found, one) for one in CHANNELS])


def _message(shop: Shop, about: About) -> Plan:
    texts = Texts(shop.id)
    language = next(
        one for one in (shop.language, "en") if texts.speaks(_TEMPLATE, CHANNELS[0], one)
    )
    step = Step(STEP, Duration(), "left", CHANNELS, _TEMPLATE)
    return Plan(
        name=STEP,
        language=language,
        languages=(language,),
        branches=(Branch(about, (step,)),),
        quiet_hours=dict(USUAL),
    )


def _reach(found: Preview, channel: str) -> Reach:
    waiting = sum(number for (one, _), number in found.waits.items() if one == channel)
    away = [
        (reason, number)
        for (one, reason), number in found.falls_away.most_common()
        if one == channel
    ]
    return Reach(channel, found.goes[channel] + waiting + found.undecided[channel], away)
