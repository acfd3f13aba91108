"""Keep the agents of a shop, their rules, and whose customer somebody is. One transaction a change.

Errors are those of `ripresa.domain.deals.agents`: nothing has changed then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.events import ContactBlock, EventType, StoreEvent
from ripresa.contracts.plain_values import is_id, normalise_email
from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.deals import agents, assigning
from ripresa.domain.deals.agents import HandedOn, NotAnAgent, NotARule, Terms
from ripresa.domain.deals.models import Agent
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import BY_HAND, Delivery
from ripresa.domain.segments.queries import list_segments

ERASED = "this customer was erased on request: nothing is kept of her"

remove_rule = transaction.atomic(agents.remove_rule)


class NotACustomer(Exception):
    """The text is no key of a customer, or of one who was erased; the message says so."""


@transaction.atomic
def add_agent(*, shop_id: int, email: str, name: str, now: datetime) -> UUID:
    """Add an agent; her id. Raises NotAnAgent."""
    made = agents.add_agent(shop_id=shop_id, email=email, name=name, now=now)
    _note(shop_id, Action.CREATED, made, now)
    return made


@transaction.atomic
def change_agent(
    *, shop_id: int, email: str, now: datetime, **values: str | bool | datetime | None
) -> None:
    """Change an agent's `name`, `is_active` or `away_until`. Raises NotAnAgent."""
    was, became = agents.change_agent(shop_id=shop_id, email=email, now=now, **values)
    write_down(
        shop_id=shop_id,
        action=Action.CHANGED,
        subject=Subject(About.AGENT, was.id),
        before=_told(was),
        after=_told(became),
        now=now,
    )


@transaction.atomic
def end_agent(
    *, shop_id: int, agent_id: UUID, heir_id: UUID | None, who: str, now: datetime
) -> HandedOn:
    """Let an agent go; her open deals and customers go to the heir, if there is one. Raises NotAnAgent."""
    handed = agents.end_agent(shop_id=shop_id, agent_id=agent_id, heir_id=heir_id, who=who, now=now)
    _note(shop_id, Action.ENDED, agent_id, now, heir=heir_id, **handed._asdict())
    return handed


def _told(agent: Agent) -> dict[str, object]:
    return {"name": agent.name, "is_active": agent.is_active, "away_until": agent.away_until}


def _note(shop_id: int, action: Action, agent_id: UUID, now: datetime, **after: object) -> None:
    subject = Subject(About.AGENT, agent_id)
    write_down(shop_id=shop_id, action=action, subject=subject, after=after, now=now)


@transaction.atomic
def add_rule(*, shop_id: int, terms: Terms, emails: Sequence[str], now: datetime) -> None:
    """Add a rule, asked after all others; its agents take turns. Raises NotARule, NotAnAgent."""
    if terms.segment is not None:
        names = [segment.name for segment in list_segments(shop_id)]
        if terms.segment not in names:
            there = ", ".join(repr(name) for name in names) or "none"
            raise NotARule(f"there is no segment {terms.segment!r}; there are: {there}")
    agents.add_rule(shop_id=shop_id, terms=terms, emails=emails, now=now)


@transaction.atomic
def assign_customer(*, shop_id: int, customer: str, agent: str, now: datetime) -> None:
    """Make a customer an agent's; she need not be known yet. Raises NotACustomer, NotAnAgent."""
    key = customer_key(customer)
    inbox.wait_for_turn(shop_id=shop_id)
    if tombstones.erased_among(shop_id, [key]):
        raise NotACustomer(ERASED)
    address = agents.checked_address(agent)
    found = agents.find_agents(shop_id=shop_id, emails=[address])
    if address not in found:
        raise NotAnAgent(f"there is no active agent {address}")
    put_assignments(shop_id=shop_id, agent_of={key: found[address]}, origin="api", now=now)


def put_assignments(
    *, shop_id: int, agent_of: Mapping[str, UUID], origin: str, now: datetime
) -> None:
    """Write down whose customers these keys are, in the caller's transaction.

    It has waited for its turn first: a fold under way would not see this, nor we whom it has met.
    Those among them whom nobody could reach are named by an event, for their carts may be abandoned now:
    the fold asks for their agents itself.
    """
    assigning.put_assignments(shop_id=shop_id, agent_of=agent_of, origin=origin, now=now)
    inbox.store(
        shop_id=shop_id,
        deliveries=[
            Delivery(_naming(key, now), now, source=BY_HAND)
            for key in contacts.keys_without_reach(shop_id, sorted(agent_of))
        ],
    )


def _naming(key: str, now: datetime) -> StoreEvent:
    kind, _, value = key.partition(":")
    person = ContactBlock(email=value) if kind == "email" else ContactBlock(customer_id=value)
    return StoreEvent(
        id=f"agent:{new_id(now)}",
        type=EventType.CONTACT_IDENTIFIED,
        occurred_at=now,
        contact=person,
    )


def customer_key(text: str) -> str:
    """The key that `text` says: an e-mail address, or the shop's id of a customer.

    `email:` or `customer:` before it says which it is, for ids that look like an address. Raises
    NotACustomer.
    """
    trimmed = text.strip()
    kind, _, value = trimmed.partition(":")
    if kind not in {"email", "customer"}:
        kind, value = ("email" if "@" in trimmed else "customer"), trimmed
    if kind == "email":
        address = normalise_email(value)
        if address is None:
            raise NotACustomer(f"{value!r} is no e-mail address")
        return f"email:{address}"
    if value.startswith("+") or not is_id(value):
        raise NotACustomer(f"{value!r} is neither an e-mail address nor an id of a customer")
    return f"customer:{value}"
