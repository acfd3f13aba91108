"""What agents have to do with a message: whose customer she is, what was done, which deal is opened."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.channel import Mailbox
from ripresa.contracts.reasons import Reason
from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.contacts.places import country_of
from ripresa.domain.deals import opening
from ripresa.domain.deals.assigning import agents_for
from ripresa.domain.deals.queries import DealHold
from ripresa.domain.deals.rules import MembersOf, Prospect
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.scenarios.senders import mailbox_of
from ripresa.domain.scenarios.sending.due_messages import DueMessage

run = partial(query.run, "ripresa.domain.scenarios.sending")


class Opening(NamedTuple):
    """A deal that a step opens, in which stage."""

    message: DueMessage
    stage: str


def agents_of(
    *,
    shop_id: int,
    messages: Sequence[DueMessage],
    shop_country: str,
    members_of: MembersOf,
    now: datetime,
) -> dict[UUID, Mailbox]:
    """The agent of each of these locked people, by contact; who has none gets one by the rules.

    An agent who is away is left out: the owner hears the notice, and mail comes from the scenario's sender.
    """
    if not messages:
        return {}
    values = _values(shop_id, messages)
    prospects = {
        one.contact_id: Prospect(
            one.contact_id, _country(one, shop_country), values.get(one.cart_id)
        )
        for one in messages
    }
    found = agents_for(
        shop_id=shop_id, prospects=list(prospects.values()), members_of=members_of, now=now
    )
    named = (
        (who, mailbox_of(agent.email, agent.name))
        for who, agent in found.items()
        if not agent.is_away
    )
    return {contact_id: mailbox for contact_id, mailbox in named if mailbox is not None}


def open_deals(
    *,
    shop_id: int,
    openings: Sequence[Opening],
    shop_country: str,
    members_of: MembersOf,
    now: datetime,
) -> None:
    """Open the deals of steps that name a stage; the people are locked."""
    if not openings:
        return
    values = _values(shop_id, [one.message for one in openings])
    opening.open_deals(
        shop_id=shop_id,
        wanted=[
            opening.Wanted(
                one.message.cart_id,
                one.message.contact_id,
                one.stage,
                values[one.message.cart_id],
                _country(one.message, shop_country),
            )
            for one in openings
        ],
        members_of=members_of,
        now=now,
    )


def deals_seen(*, shop_id: int, cart_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What there is to see of the deals of these carts: another text once anything about them changed."""
    return dict(run("deals_seen", shop_id=shop_id, cart_ids=list(cart_ids))) if cart_ids else {}


def ended_by_agent(plan: Plan, hold: DealHold | None, left_at: datetime) -> Reason | None:
    """Why what an agent did, or heard, since the cart was left ends its plan, if the plan says so."""
    if hold is None:
        return None
    if "reply" in plan.stop_on and hold.replied_at is not None and hold.replied_at >= left_at:
        return Reason.REPLIED
    has_spoken = hold.contacted_at is not None and hold.contacted_at >= left_at
    if "agent_contact" in plan.stop_on and (has_spoken or hold.taken_over_by is not None):
        return Reason.AGENT_CONTACT
    return None


def _country(message: DueMessage, shop_country: str) -> str:
    return country_of(country=message.country, phone=message.phone, shop_country=shop_country)


def _values(shop_id: int, messages: Sequence[DueMessage]) -> dict[UUID, Money]:
    rows = run("cart_values", shop_id=shop_id, cart_ids=sorted({one.cart_id for one in messages}))
    return {cart_id: Money(minor, currency.strip()) for cart_id, minor, currency in rows}
