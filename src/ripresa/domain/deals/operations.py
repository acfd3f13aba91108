"""What people do with deals. Each by compare-and-set, each logged; all change a deal under its person's lock.

So a hand-over that comes after sees it, and one that came before was before.
"""

from datetime import datetime
from uuid import UUID

from ripresa.core import query
from ripresa.domain.deals import activity
from ripresa.domain.deals.activity import Entry
from ripresa.domain.deals.models import Agent, Deal
from ripresa.domain.deals.pipeline import closing_stage, places
from ripresa.domain.deals.rules import StagePlace


class DealNotFound(Exception):
    """The shop has no such deal."""


class DealMoved(Exception):
    """The deal stands elsewhere by now, and nothing was changed; `stage` says where."""

    def __init__(self, stage: str) -> None:
        super().__init__(f"somebody has moved the deal to {stage!r} meanwhile; nothing was changed")
        self.stage = stage


class DealClosed(Exception):
    """A won deal stays won, and a lost one must be opened again first; nothing was changed."""


class DealTaken(Exception):
    """Somebody else has taken the deal over meanwhile; nothing was changed. `by` says who."""

    def __init__(self, by: str | None) -> None:
        super().__init__(f"{by or 'nobody'} has the deal by now; nothing was changed")
        self.by = by


class NoSuchStage(Exception):
    """The pipeline has no stage of that key."""


class NotNow(Exception):
    """A call can't lie ahead, nor a snooze behind."""


def move(
    *, shop_id: int, deal_id: UUID, from_stage: str, to_stage: str, who: str, now: datetime
) -> None:
    """Put a deal where a person wants it, if it still stands where she saw it.

    A stage of kind won or lost closes it; from lost it may come back. Raises DealNotFound, DealMoved,
    DealClosed, NoSuchStage.
    """
    stages = {stage.key: stage for stage in places(shop_id=shop_id)}
    if (target := stages.get(to_stage)) is None:
        raise NoSuchStage(f"there is no stage {to_stage!r}; there are: {', '.join(stages)}")
    _put(_take(shop_id, deal_id), from_stage, target, Entry(deal_id, "moved", who, now))


def win(*, shop_id: int, deal_id: UUID, from_stage: str, who: str, now: datetime) -> None:
    """Close a deal as won, for good. Raises as `move`."""
    _put(
        _take(shop_id, deal_id),
        from_stage,
        closing_stage(shop_id=shop_id, kind="won"),
        Entry(deal_id, "won", who, now),
    )


def lose(
    *, shop_id: int, deal_id: UUID, from_stage: str, why: str, who: str, now: datetime
) -> None:
    """Close a deal as lost; `why` goes into the log. Raises as `move`."""
    _put(
        _take(shop_id, deal_id),
        from_stage,
        closing_stage(shop_id=shop_id, kind="lost"),
        Entry(deal_id, "lost", who, now, note=why),
    )


def take_over(
    *, shop_id: int, deal_id: UUID, who: str, instead_of: str | None, now: datetime
) -> None:
    """Take a deal into one's own hands, unless somebody else than `instead_of` has it meanwhile.

    If `who` is an agent's address, the deal becomes that agent's. Raises DealNotFound, DealClosed,
    DealTaken.
    """
    deal = _take_open(shop_id, deal_id)
    if deal.taken_over_by == who:
        return
    if deal.taken_over_by != instead_of:
        raise DealTaken(deal.taken_over_by)
    agent = Agent.objects.filter(shop_id=shop_id, email=who).first()
    _change(
        deal,
        Entry(deal_id, "taken_over", who, now),
        now,
        taken_over_at=now,
        taken_over_by=who,
        agent_id=agent.id if agent else deal.agent_id,
    )


def snooze(*, shop_id: int, deal_id: UUID, until: datetime | None, who: str, now: datetime) -> None:
    """Let a deal rest until an instant; None wakes it. Raises DealNotFound, DealClosed, NotNow."""
    if until is not None and until <= now:
        raise NotNow(f"a deal can be snoozed until an instant to come, not until {until}")
    entry = Entry(deal_id, "snoozed", who, now, until=until)
    _change(_take_open(shop_id, deal_id), entry, now, snoozed_until=until)


def note(*, shop_id: int, deal_id: UUID, text: str, who: str, now: datetime) -> None:
    """Write something down about a deal, closed ones too. Raises DealNotFound."""
    _change(_take(shop_id, deal_id), Entry(deal_id, "noted", who, now, note=text), now)


def log_call(
    *, shop_id: int, deal_id: UUID, at: datetime, text: str, who: str, now: datetime
) -> None:
    """Write down that the agent spoke with her at `at`, on closed deals too: it may be told later.

    Raises DealNotFound, NotNow.
    """
    if at > now:
        raise NotNow(f"a call at {at} lies ahead")
    deal = _take(shop_id, deal_id)
    entry = Entry(deal_id, "called", who, at, note=text)
    _change(deal, entry, now, contacted_at=max(deal.contacted_at or at, at))


def log_reply(
    *, shop_id: int, deal_id: UUID, at: datetime, text: str, who: str, now: datetime
) -> None:
    """Write down that she answered at `at`. Raises DealNotFound, NotNow."""
    if at > now:
        raise NotNow(f"a reply at {at} lies ahead")
    deal = _take(shop_id, deal_id)
    entry = Entry(deal_id, "replied", who, at, note=text)
    _change(deal, entry, now, replied_at=max(deal.replied_at or at, at))


def _take(shop_id: int, deal_id: UUID) -> Deal:
    """The deal, its person locked: everybody who changes a deal holds that lock."""
    locked: UUID | None = None
    while True:
        deal = Deal.objects.filter(shop_id=shop_id, id=deal_id).select_related("stage").first()
        if deal is None:
            raise DealNotFound(f"there is no deal {deal_id}")
        if deal.contact_id == locked:
            return deal
        # A merge may have given the deal to somebody else while we waited: then look again.
        locked = deal.contact_id
        query.run("ripresa.domain.contacts", "lock_contacts", shop_id=shop_id, ids=[locked])


def _take_open(shop_id: int, deal_id: UUID) -> Deal:
    deal = _take(shop_id, deal_id)
    if deal.outcome is not None:
        raise DealClosed(f"the deal is {deal.outcome}; nothing was changed")
    return deal


def _put(deal: Deal, from_stage: str, target: StagePlace, entry: Entry) -> None:
    """Move a deal that a person has seen in `from_stage`."""
    if deal.stage.key != from_stage:
        raise DealMoved(deal.stage.key)
    if deal.stage_id == target.id:
        return
    if deal.outcome == "won":
        raise DealClosed("a won deal stays won; nothing was changed")
    is_open = target.kind == "open"
    if is_open and deal.outcome == "lost":
        _refuse_second(deal)
    kind = "moved" if is_open else target.kind
    _change(
        deal,
        entry._replace(kind=kind, from_stage=from_stage, to_stage=target.key),
        entry.at,
        stage_id=target.id,
        moved_at=entry.at,
        outcome=None if is_open else target.kind,
        closed_at=None if is_open else entry.at,
    )


def _refuse_second(deal: Deal) -> None:
    others = Deal.objects.filter(shop_id=deal.shop_id, cart_id=deal.cart_id, closed_at=None)
    if others.exists():
        raise DealClosed("the cart has another open deal by now; nothing was changed")


def _change(deal: Deal, entry: Entry, now: datetime, **values: object) -> None:
    if values:
        seen = {"stage_id": deal.stage_id, "outcome": deal.outcome}
        row = Deal.objects.filter(shop_id=deal.shop_id, id=deal.id)
        # An order that names a cart alone is folded without her lock: it may have won the deal just now.
        if not row.filter(**seen).update(**values):
            raise DealMoved(row.select_related("stage").get().stage.key)
    activity.log(shop_id=deal.shop_id, entries=[entry], now=now)
