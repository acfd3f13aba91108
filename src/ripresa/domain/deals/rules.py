"""Who gets a customer that nobody has, and where a deal may move by itself. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from ripresa.core.money import Money


class AgentName(NamedTuple):
    """An agent. `id` None: the shop's events name an address that no agent here has yet.

    `is_away`: she is not to be told anything just now; what is hers stays hers.
    """

    id: UUID | None
    email: str
    name: str
    is_away: bool = False


# Who of some people is in which of some segments, by name: segments lie to the left of deals, so a use
# case brings this along.
MembersOf = Callable[[Collection[str], Sequence[UUID]], Mapping[str, Collection[UUID]]]


def in_no_segment(
    _names: Collection[str], _contact_ids: Sequence[UUID]
) -> Mapping[str, Collection[UUID]]:
    """For those who deal where no segment is known: rules that ask for one don't hold."""
    return {}


class Prospect(NamedTuple):
    """Somebody who needs an agent: what rules look at. `country` in capitals, `value` of her cart."""

    contact_id: UUID
    country: str | None = None
    value: Money | None = None
    segments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """One rule. What it does not say, any does. `agents` take turns, `turn` of them were taken."""

    id: UUID
    countries: frozenset[str]
    segment: str | None
    currency: str | None
    at_least_minor: int | None
    below_minor: int | None
    turn: int
    agents: tuple[AgentName, ...]

    def holds(self, prospect: Prospect) -> bool:
        """Whether it is for her. A value in another currency, or none, satisfies no bound."""
        if self.countries and prospect.country not in self.countries:
            return False
        if self.segment is not None and self.segment not in prospect.segments:
            return False
        if self.at_least_minor is None and self.below_minor is None:
            return True
        if prospect.value is None or prospect.value.currency != self.currency:
            return False
        minor = prospect.value.minor
        is_enough = self.at_least_minor is None or minor >= self.at_least_minor
        return is_enough and (self.below_minor is None or minor < self.below_minor)


def deal_out(
    rules: Sequence[AssignmentRule], prospects: Iterable[Prospect]
) -> tuple[dict[UUID, AgentName], dict[UUID, int]]:
    """Give each prospect to the next agent of the first rule that holds for her.

    Returns the agents by contact, and the new `turn` of every rule that was used.
    """
    given: dict[UUID, AgentName] = {}
    turns = {rule.id: rule.turn for rule in rules}
    for prospect in sorted(prospects, key=lambda one: one.contact_id):
        rule = next((rule for rule in rules if rule.agents and rule.holds(prospect)), None)
        if rule is not None:
            given[prospect.contact_id] = rule.agents[turns[rule.id] % len(rule.agents)]
            turns[rule.id] += 1
    used = {rule.id: turns[rule.id] for rule in rules if turns[rule.id] != rule.turn}
    return given, used


def in_segments(
    prospects: Sequence[Prospect], rules: Iterable[AssignmentRule], members_of: MembersOf
) -> list[Prospect]:
    """The same people, each with those segments that the rules ask for; nothing is read if none asks."""
    names = {rule.segment for rule in rules if rule.segment is not None}
    if not names:
        return list(prospects)
    members = members_of(names, [one.contact_id for one in prospects])
    return [
        one._replace(
            segments=frozenset(name for name in names if one.contact_id in members.get(name, ()))
        )
        for one in prospects
    ]


class StagePlace(NamedTuple):
    """A stage as far as moving goes."""

    id: UUID
    key: str
    kind: str
    position: int


def stage_to_open_in(stages: Sequence[StagePlace], wanted: str) -> StagePlace:
    """The open stage called `wanted`; one that is no open stage of this pipeline: the first open one.

    There always is one: the stage of abandoned check-outs can't be removed.
    """
    opens = [stage for stage in stages if stage.kind == "open"]
    named = next((stage for stage in opens if stage.key == wanted), None)
    return named or min(opens, key=lambda stage: (stage.position, stage.key))


def moves_forward(position: int, wanted: StagePlace) -> bool:
    """Whether a deal may go there by itself: forward only, wherever a person has put it."""
    return wanted.position > position
