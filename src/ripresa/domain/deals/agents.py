"""Agents: who sells in person, by which rules they get customers, and who goes on when one goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.plain_values import is_currency, normalise_country, normalise_email
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.deals import activity
from ripresa.domain.deals.activity import Entry
from ripresa.domain.deals.models import (
    Agent,
    AgentAssignment,
    AssignmentRule,
    Deal,
    RuleAgent,
)

run = partial(query.run, "ripresa.domain.deals")


class NotAnAgent(Exception):
    """No agent can be made of this, or none is there; the message says why."""


class NotARule(Exception):
    """A rule can't be kept like this, or is not there; the message says why."""


class HandedOn(NamedTuple):
    """How many open deals, and how many customers by key, found somebody else."""

    deals: int
    customers: int


class AgentRow(NamedTuple):
    """An agent with the customers assigned to her by key, her open deals, and the rules that name her."""

    id: UUID
    email: str
    name: str
    is_active: bool
    away_until: datetime | None
    customers: int
    open_deals: int
    rules: list[int]


class Terms(NamedTuple):
    """For whom a rule is. No countries: any. Bounds in minor units of `currency`: from, and below."""

    countries: tuple[str, ...] = ()
    segment: str | None = None
    currency: str | None = None
    at_least_minor: int | None = None
    below_minor: int | None = None


class RuleRow(NamedTuple):
    """A rule with its number in the order of asking and its agents' addresses in their turns."""

    number: int
    terms: Terms
    agents: list[str]
    given: int


def list_agents(*, shop_id: int) -> list[AgentRow]:
    """All agents of a shop by address."""
    return [AgentRow(*row) for row in run("list_agents", shop_id=shop_id)]


def add_agent(*, shop_id: int, email: str, name: str, now: datetime) -> UUID:
    """Add an agent. Raises NotAnAgent: the address is none, or is taken."""
    address = checked_address(email)
    if Agent.objects.filter(shop_id=shop_id, email=address).exists():
        raise NotAnAgent(f"{address} is an agent already")
    made = Agent.objects.create(
        shop_id=shop_id, id=new_id(now), email=address, name=name.strip(), created_at=now
    )
    return made.id


def change_agent(
    *, shop_id: int, email: str, now: datetime, **values: str | bool | datetime | None
) -> tuple[Agent, Agent]:
    """Change `name`, `is_active` or `away_until`; she as she was, and as she is. Raises NotAnAgent.

    Who is no longer active gets no customers and no mail; hers are dealt out as they come back. Who is
    away until an instant to come gets no new ones, and her notices go to the owner; None: she is back.
    """
    address = checked_address(email)
    until = values.get("away_until")
    if isinstance(until, datetime) and until <= now:
        raise NotAnAgent(f"nobody can be away until {until:%Y-%m-%d %H:%M}Z: that lies behind")
    was = (
        Agent.objects.select_for_update(no_key=True).filter(shop_id=shop_id, email=address).first()
    )
    if was is None:
        raise NotAnAgent(f"there is no agent {email!r}")
    Agent.objects.filter(shop_id=shop_id, id=was.id).update(**values)
    return was, Agent.objects.get(shop_id=shop_id, id=was.id)


def end_agent(
    *, shop_id: int, agent_id: UUID, heir_id: UUID | None, who: str, now: datetime
) -> HandedOn:
    """Let an agent go, and hand what is hers to `heir_id`; None: deals are nobody's, rules deal people out.

    Ended already: what is still hers is handed on. What she had taken over, the heir has then. Raises
    NotAnAgent: there is no such agent, or no such active heir.
    """
    locked = {
        one.id: one
        # Not their keys: whoever opens a deal of hers holds its person and then asks for these.
        for one in Agent.objects.select_for_update(no_key=True)
        .filter(shop_id=shop_id, id__in=[agent_id, *([heir_id] if heir_id else [])])
        .order_by("id")
    }
    agent, heir = locked.get(agent_id), locked.get(heir_id) if heir_id else None
    if agent is None:
        raise NotAnAgent("there is no such agent")
    if heir_id is not None and (heir is None or not heir.is_active or heir_id == agent_id):
        raise NotAnAgent("nobody else who is active has that id: choose another agent")
    Agent.objects.filter(shop_id=shop_id, id=agent_id).update(is_active=False, away_until=None)
    deals = _hand_on_deals(agent, heir, who, now)
    hers = AgentAssignment.objects.filter(shop_id=shop_id, agent_id=agent_id)
    return HandedOn(deals, hers.update(agent_id=heir.id) if heir else 0)


def _hand_on_deals(agent: Agent, heir: Agent | None, who: str, now: datetime) -> int:
    shop_id = agent.shop_id
    hers = Deal.objects.filter(shop_id=shop_id, agent_id=agent.id, closed_at__isnull=True)
    contact_ids = sorted(set(hers.values_list("contact_id", flat=True)))
    if not contact_ids:
        return 0
    # Whoever changes a deal holds its person's lock.
    query.run("ripresa.domain.contacts", "lock_contacts", shop_id=shop_id, ids=contact_ids)
    handed = run(
        "hand_on_deals",
        shop_id=shop_id,
        agent=agent.id,
        email=agent.email,
        heir=heir.id if heir else None,
        heir_email=heir.email if heir else None,
        contact_ids=contact_ids,
    )
    note = heir.email if heir else ""
    entries = [Entry(deal_id, "handed_on", who, now, note=note) for (deal_id,) in handed]
    activity.log(shop_id=shop_id, entries=entries, now=now)
    return len(handed)


def find_agents(*, shop_id: int, emails: Sequence[str]) -> Mapping[str, UUID]:
    """The active agents among these addresses."""
    found = Agent.objects.filter(shop_id=shop_id, email__in=list(emails), is_active=True)
    return dict(found.values_list("email", "id"))


def count_agents(*, shop_id: int) -> int:
    """How many agents a shop has, active or not."""
    return Agent.objects.filter(shop_id=shop_id).count()


def checked_address(text: str) -> str:
    """An address in its agreed form. Raises NotAnAgent."""
    address = normalise_email(text)
    if address is None:
        raise NotAnAgent(f"{text!r} is no e-mail address")
    return address


def list_rules(*, shop_id: int) -> list[RuleRow]:
    """The rules in the order in which they are asked."""
    return [
        RuleRow(number, Terms(tuple(countries), segment, currency, at_least, below), emails, turn)
        for number, countries, segment, currency, at_least, below, emails, turn in run(
            "list_rules", shop_id=shop_id
        )
    ]


def add_rule(*, shop_id: int, terms: Terms, emails: Sequence[str], now: datetime) -> None:
    """Add a rule, asked after all others; its agents take turns in this order. Raises NotARule."""
    checked = _checked(terms)
    addresses = [checked_address(email) for email in dict.fromkeys(emails)]
    ids = find_agents(shop_id=shop_id, emails=addresses)
    missing = [address for address in addresses if address not in ids]
    if missing or not ids:
        raise NotARule(
            f"no active agents: {', '.join(missing)}" if missing else "a rule needs agents"
        )
    rule = AssignmentRule.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        position=1 + max((rule.position for rule in _locked_rules(shop_id)), default=0),
        countries=list(checked.countries),
        segment=checked.segment,
        currency=checked.currency,
        at_least_minor=checked.at_least_minor,
        below_minor=checked.below_minor,
        created_at=now,
    )
    RuleAgent.objects.bulk_create(
        RuleAgent(shop_id=shop_id, rule_id=rule.id, agent_id=ids[address], place=place)
        for place, address in enumerate(addresses, start=1)
    )


def remove_rule(*, shop_id: int, number: int) -> None:
    """Remove the rule of that number; customers it has given stay with their agents. Raises NotARule."""
    rules = sorted(_locked_rules(shop_id), key=lambda rule: (rule.position, rule.id))
    if not 1 <= number <= len(rules):
        raise NotARule(f"there is no rule {number}; there are {len(rules)}")
    gone = rules[number - 1].id
    RuleAgent.objects.filter(shop_id=shop_id, rule_id=gone).delete()
    AssignmentRule.objects.filter(shop_id=shop_id, id=gone).delete()


def _locked_rules(shop_id: int) -> list[AssignmentRule]:
    """All rules, locked in the order in which dealing out locks them."""
    found = AssignmentRule.objects.select_for_update().filter(shop_id=shop_id)
    return list(found.order_by("id"))


def _checked(terms: Terms) -> Terms:
    countries = [(text, normalise_country(text)) for text in terms.countries]
    for text, country in countries:
        if country is None:
            raise NotARule(f"{text!r} is no country: two letters, as in IT")
    at_least, below = terms.at_least_minor, terms.below_minor
    if (at_least is not None or below is not None) and not is_currency(terms.currency or ""):
        raise NotARule(f"a value needs its currency, as in EUR, not {terms.currency!r}")
    if at_least is not None and below is not None and at_least >= below:
        raise NotARule("no value lies from the one to below the other")
    return terms._replace(countries=tuple(country for _, country in countries if country))
