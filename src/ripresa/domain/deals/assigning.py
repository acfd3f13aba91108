"""Whose customer somebody is: the shop's own word, else a stored assignment, else the rules.

Assignments hang on a person's keys, as all that is known of people does: merges and splits move nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.deals.models import Agent
from ripresa.domain.deals.rules import (
    AgentName,
    AssignmentRule,
    MembersOf,
    Prospect,
    deal_out,
    in_no_segment,
    in_segments,
)

run = partial(query.run, "ripresa.domain.deals")


def agents_of(*, shop_id: int, contact_ids: Sequence[UUID], now: datetime) -> dict[UUID, AgentName]:
    """Those of these people who have an agent already, with the agent. Changes nothing."""
    if not contact_ids:
        return {}
    rows = run("agents_of", shop_id=shop_id, contact_ids=list(contact_ids), now=now)
    return {contact_id: AgentName(*agent) for contact_id, *agent in rows}


def agents_for(
    *,
    shop_id: int,
    prospects: Sequence[Prospect],
    now: datetime,
    members_of: MembersOf = in_no_segment,
) -> dict[UUID, AgentName]:
    """An agent for each of these people, whose rows the caller has locked; each has an id.

    Who has none gets one by the rules, and keeps it. Absent: no rule holds for her either, so the
    shop's owner speaks (SCN-19).
    """
    found = agents_of(shop_id=shop_id, contact_ids=[one.contact_id for one in prospects], now=now)
    found = _with_rows(shop_id, found, now)
    missing = {one.contact_id: one for one in prospects if one.contact_id not in found}
    if missing:
        found |= _deal_out(shop_id, list(missing.values()), members_of, now)
    return found


def put_assignments(
    *, shop_id: int, agent_of: Mapping[str, UUID], origin: str, now: datetime
) -> None:
    """Write down whose customers these keys (`email:…`, `customer:…`) are; `origin`: import or api."""
    if agent_of:
        run(
            "put_assignments",
            shop_id=shop_id,
            keys=list(agent_of),
            agent_ids=list(agent_of.values()),
            origin=origin,
            now=now,
        )


def assigned_since(*, shop_id: int, keys: Sequence[str]) -> dict[str, datetime]:
    """Those of these keys whose agent is an assignment, with the instant since which she is."""
    return dict(run("assigned_since", shop_id=shop_id, keys=list(keys))) if keys else {}


def add_agents(*, shop_id: int, names: Mapping[str, str], now: datetime) -> dict[str, UUID]:
    """The agents at these addresses (address -> name for new ones); those unknown are added."""
    if names:
        run(
            "add_agents",
            shop_id=shop_id,
            ids=[new_id(now) for _ in names],
            emails=list(names),
            names=list(names.values()),
            now=now,
        )
    found = Agent.objects.filter(shop_id=shop_id, email__in=list(names))
    return dict(found.values_list("email", "id"))


def _with_rows(
    shop_id: int, found: Mapping[UUID, AgentName], now: datetime
) -> dict[UUID, AgentName]:
    """The same agents, each with a row: who the shop names first is added."""
    unknown = {agent.email: agent.name for agent in found.values() if agent.id is None}
    ids = add_agents(shop_id=shop_id, names=unknown, now=now) if unknown else {}
    return {
        contact_id: agent if agent.id is not None else agent._replace(id=ids[agent.email])
        for contact_id, agent in found.items()
    }


def _deal_out(
    shop_id: int, prospects: Sequence[Prospect], members_of: MembersOf, now: datetime
) -> dict[UUID, AgentName]:
    rules = [
        AssignmentRule(
            rule_id, frozenset(countries), segment, currency, at_least, below, turn,
            tuple(AgentName(*agent) for agent in zip(ids, emails, names, strict=True)),
        )
        for rule_id, countries, segment, currency, at_least, below, turn, ids, emails, names in run(
            "lock_rules", shop_id=shop_id, now=now
        )
    ]  # fmt: skip
    given, turns = deal_out(rules, in_segments(prospects, rules, members_of))
    if given:
        run("put_turns", shop_id=shop_id, ids=list(turns), turns=list(turns.values()))
        run(
            "keep_dealt",
            shop_id=shop_id,
            contact_ids=list(given),
            agent_ids=[agent.id for agent in given.values()],
            now=now,
        )
    return given
