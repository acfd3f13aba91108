"""Budgets: no more leaves than a campaign may use up, however many workers send (CMP-3).

What was once about to leave counts, and is counted off again when it is over and did not leave. Locks of
people come first, then those of campaigns.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from ripresa.contracts.calling.sayings import say
from ripresa.core import query

run = partial(query.run, "ripresa.domain.campaigns")

KIND = "campaign"  # the kind of origin that has a budget


class Spent(NamedTuple):
    """A message of a campaign's recipient, in its channel."""

    origin_kind: str
    origin_id: UUID
    channel: str


@dataclass(slots=True)
class Purse:
    """What is left of one budget, locked. None: without a limit."""

    max_messages: int | None
    max_minor: int | None
    messages: int
    minor: int
    costs: Mapping[str, int]

    def take(self, channel: str) -> bool:
        """Spend on one message, if there is enough left."""
        minor = self.minor + self.costs.get(channel, 0)
        if self.max_messages is not None and self.messages + 1 > self.max_messages:
            return False
        if self.max_minor is not None and minor > self.max_minor:
            return False
        self.messages, self.minor = self.messages + 1, minor
        return True

    @property
    def shortage(self) -> str:
        """Why there is nothing left, in words."""
        if self.max_messages is not None and self.messages >= self.max_messages:
            return say("the budget of {count} messages is used up", count=self.max_messages)
        return say("what is left of the budget does not pay for another message")


def open_purses(*, shop_id: int, campaign_ids: Collection[UUID]) -> dict[UUID, Purse]:
    """The budgets of those campaigns that have one; nobody else spends until the transaction ends."""
    rows = run("lock_budgets", shop_id=shop_id, ids=sorted(campaign_ids))
    return {
        campaign_id: Purse(most, most_minor, messages, minor, msgspec.json.decode(costs))
        for campaign_id, most, most_minor, messages, minor, costs in rows
    }


class Used(NamedTuple):
    """What counts of a campaign: messages, and what they cost."""

    messages: int
    minor: int


def used(*, shop_id: int, campaign_id: UUID) -> Used:
    """What a locked campaign has used up, counted anew."""
    rows = run("used", shop_id=shop_id, id=campaign_id)
    return Used(sum(number for number, _ in rows), sum(number * cost for number, cost in rows))


def charge(
    *, shop_id: int, spent: Iterable[tuple[UUID, str]], purses: Mapping[UUID, Purse]
) -> None:
    """Messages are being sent: (campaign, channel) of each whose campaign has a purse."""
    taken = Counter(one for one in spent if one[0] in purses)
    _add(
        shop_id,
        [(one, n, n * purses[one].costs.get(channel, 0)) for (one, channel), n in taken.items()],
    )


def uncharge(*, shop_id: int, spent: Collection[Spent]) -> None:
    """Messages that were about to leave are over, and did not."""
    own = [one for one in spent if one.origin_kind == KIND]
    if not own:
        return
    rows = run("charged", shop_id=shop_id, ids=sorted({one.origin_id for one in own}))
    known = {row[0]: (row[1], msgspec.json.decode(row[2])) for row in rows}
    changes = []
    for one in own:
        if one.origin_id in known:
            campaign_id, costs = known[one.origin_id]
            changes.append((campaign_id, -1, -costs.get(one.channel, 0)))
    _add(shop_id, changes)


def _add(shop_id: int, changes: Iterable[tuple[UUID, int, int]]) -> None:
    messages: Counter[UUID] = Counter()
    minors: Counter[UUID] = Counter()
    for campaign_id, number, minor in changes:
        messages[campaign_id] += number
        minors[campaign_id] += minor
    for campaign_id in sorted(messages):  # one by one: in this order they are locked
        run(
            "charge",
            shop_id=shop_id,
            id=campaign_id,
            messages=messages[campaign_id],
            minor=minors[campaign_id],
        )
