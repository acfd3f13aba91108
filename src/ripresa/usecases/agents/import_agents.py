"""Import agents, and whose customers people are, from a delimited text file.

A wrong row leaves its neighbours alone. The file may be read again: the latest word counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.core.delimited.reading import DelimitedFile
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.deals import agents, assigning
from ripresa.domain.deals.agents import NotAnAgent
from ripresa.domain.inbox import operations as inbox
from ripresa.usecases.agents.assign_agents import (
    ERASED,
    NotACustomer,
    customer_key,
    put_assignments,
)

BATCH = 1000


class NoSuchColumn(Exception):
    """The file lacks a column that was asked for; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns to read, by their heading or their number from 1. `name` is the agent's."""

    customer: str = "customer"
    agent: str = "agent"
    name: str = "name"


class RowProblem(NamedTuple):
    """A row that was left out: its number as a spreadsheet counts, the column, and why."""

    row: int
    column: str
    message: str


@dataclass(slots=True)
class Imported:
    """What became of a file."""

    agents: int = 0
    customers: int = 0
    problems: list[RowProblem] = field(default_factory=list)


class _Row(NamedTuple):
    number: int
    customer: str
    agent: str
    name: str


def import_agents(
    *,
    shop_id: int,
    file: DelimitedFile,
    columns: Columns,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Read a file whose first row has the headings, a thousand rows a transaction.

    An agent who is not known is added where the row names her; a row without a customer only does that.
    Raises NoSuchColumn, Unreadable.
    """
    rows = file.rows(progress)
    _, headings = next(rows, (1, []))
    places = _places(headings, columns)
    intake = _Intake(shop_id, columns, now)
    cells = (_cells(number, row, places) for number, row in rows if any(row))
    while batch := list(islice(cells, BATCH)):
        intake.take(batch)
    return intake.result()


def _places(headings: list[str], columns: Columns) -> tuple[int | None, int, int | None]:
    """Where customer, agent and name stand. Only the agent has to: an agents' list has no customers."""
    known = {heading.strip().casefold(): place for place, heading in enumerate(headings)}

    def find(wanted: str, default: str) -> int | None:
        place = known.get(wanted.strip().casefold())
        if place is None and wanted.isdigit() and 1 <= int(wanted) <= len(headings):
            place = int(wanted) - 1
        if place is None and wanted != default:
            raise _missing(wanted, headings)
        return place

    standard = Columns()
    agent = find(columns.agent, standard.agent)
    if agent is None:
        raise _missing(columns.agent, headings)
    return find(columns.customer, standard.customer), agent, find(columns.name, standard.name)


def _missing(wanted: str, headings: list[str]) -> NoSuchColumn:
    there = ", ".join(repr(heading) for heading in headings) or "none"
    return NoSuchColumn(f"there is no column {wanted!r}; the first row has: {there}")


def _cells(number: int, row: list[str], places: tuple[int | None, int, int | None]) -> _Row:
    customer, agent, name = (
        row[place].strip() if place is not None and place < len(row) else "" for place in places
    )
    return _Row(number, customer, agent, name)


class _Intake:
    """One import at work. `said` are the customers of this file: a second word against it is a mistake."""

    def __init__(self, shop_id: int, columns: Columns, now: datetime) -> None:
        self._done = Imported()
        self._shop_id = shop_id
        self._columns = columns
        self._now = now
        self._agents: dict[str, UUID] = {}
        self._said: dict[str, str] = {}

    @transaction.atomic
    def take(self, batch: Iterable[_Row]) -> None:
        """Store a batch of rows, those of them that are right."""
        inbox.wait_for_turn(shop_id=self._shop_id)
        rows = [(row, address) for row in batch if (address := self._address(row)) is not None]
        self._find_agents(rows)
        wanted: dict[str, _Row] = {}
        for row, address in rows:
            if address not in self._agents:
                self._refuse(row, self._columns.agent, self._no_agent(row, address))
            elif row.customer and (key := self._key(row, address)) is not None:
                wanted[key] = row
        for key in tombstones.erased_among(self._shop_id, wanted):
            self._refuse(wanted.pop(key), self._columns.customer, ERASED)
            del self._said[key]
        agent_of = {key: self._agents[self._said[key]] for key in wanted}
        put_assignments(shop_id=self._shop_id, agent_of=agent_of, origin="import", now=self._now)

    def result(self) -> Imported:
        """What became of all batches, the problems in the order of the file."""
        self._done.customers = len(self._said)
        self._done.problems.sort()
        return self._done

    def _address(self, row: _Row) -> str | None:
        try:
            return agents.checked_address(row.agent)
        except NotAnAgent as wrong:
            self._refuse(row, self._columns.agent, str(wrong))
            return None

    def _find_agents(self, rows: list[tuple[_Row, str]]) -> None:
        """Know the agents of these rows, and add those that are new and have a name."""
        new = {address for _, address in rows} - set(self._agents)
        if not new:
            return
        names = {
            address: row.name for row, address in reversed(rows) if address in new and row.name
        }
        before = agents.count_agents(shop_id=self._shop_id)
        assigning.add_agents(shop_id=self._shop_id, names=names, now=self._now)
        self._done.agents += agents.count_agents(shop_id=self._shop_id) - before
        self._agents |= agents.find_agents(shop_id=self._shop_id, emails=sorted(new))

    def _no_agent(self, row: _Row, address: str) -> str:
        hint = (
            " (she is not active)"
            if row.name
            else f"; a name in column {self._columns.name!r} adds her"
        )
        return f"there is no agent {address}{hint}"

    def _key(self, row: _Row, address: str) -> str | None:
        try:
            key = customer_key(row.customer)
        except NotACustomer as wrong:
            self._refuse(row, self._columns.customer, str(wrong))
            return None
        if self._said.setdefault(key, address) != address:
            said = self._said[key]
            self._refuse(row, self._columns.agent, f"an earlier row gives this customer to {said}")
            return None
        return key

    def _refuse(self, row: _Row, column: str, message: str) -> None:
        self._done.problems.append(RowProblem(row.number, column, message))
