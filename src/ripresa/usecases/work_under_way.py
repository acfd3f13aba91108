"""Long work of a shop, and how far it is (OPS-3): imports, histories, campaigns being sent, replays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from ripresa.contracts.calling.sayings import remade
from ripresa.domain.campaigns import queries as campaigns
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.connections.models import BackFill
from ripresa.domain.imports.models import FileImport
from ripresa.domain.scenarios.models import ScenarioReplay

# What ended is told for so long.
TOLD_FOR = timedelta(days=7)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Work:
    """`kind`: import, history, campaign or replay. `state`: running, stopped, failed or done.

    `done` of `of` where the end is known, else `of` is None. `trouble`: why it does not get on.
    """

    kind: str
    id: UUID
    name: str
    state: str
    done: int
    of: int | None
    begun_at: datetime
    ended_at: datetime | None = None
    trouble: str = ""

    @property
    def percent(self) -> int | None:
        """How far it is; None: nobody knows where the end is."""
        return min(100 * self.done // self.of, 100) if self.of else None


def runs_in_shop() -> "ExpressionWrapper[Q]":
    """Whether anything runs in the shop of a row, as a part of the statement that reads the row."""
    running = FileImport.objects.filter(shop_id=OuterRef("shop_id"), state="running")
    telling = BackFill.objects.filter(shop_id=OuterRef("shop_id"), finished_at__isnull=True)
    sending = _sending().filter(shop_id=OuterRef("shop_id"))
    replaying = ScenarioReplay.objects.filter(shop_id=OuterRef("shop_id"), state="running")
    some = Q(Exists(running)) | Q(Exists(telling)) | Q(Exists(sending)) | Q(Exists(replaying))
    return ExpressionWrapper(some, output_field=BooleanField())


def list_works(shop_id: int, *, now: datetime) -> list[Work]:
    """What runs or stands still, and what ended of late; what runs first, then the newest first."""
    since = now - TOLD_FOR
    each = (_imports, _histories, _campaigns, _replays)
    works = [work for list_some in each for work in list_some(shop_id, since)]
    newest = sorted(works, key=lambda work: work.begun_at, reverse=True)
    return sorted(newest, key=lambda work: work.state != "running")


def _imports(shop_id: int, since: datetime) -> list[Work]:
    found = FileImport.objects.filter(shop_id=shop_id).exclude(state="waiting")
    found = found.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=since)).order_by("-id")
    return [
        Work(
            "import",
            one.id,
            one.name,
            one.state,
            one.done_bytes,
            one.size or None,
            one.created_at,
            one.ended_at,
            one.trouble,
        )
        for one in found[:_MOST]
    ]


def _histories(shop_id: int, since: datetime) -> list[Work]:
    found = BackFill.objects.filter(shop_id=shop_id).select_related("connection")
    found = found.filter(Q(finished_at__isnull=True) | Q(finished_at__gte=since))
    works = []
    for one in found.order_by("-begun_at")[:_MOST]:
        failed = "failed" if one.trouble else "done"
        works.append(
            Work(
                "history",
                one.connection_id,
                one.connection.name,
                "running" if one.finished_at is None else failed,
                one.heard + one.known,
                None,
                one.begun_at,
                one.finished_at,
                remade(one.trouble, one.said),
            )
        )
    return works


def _campaigns(shop_id: int, since: datetime) -> list[Work]:
    found = Campaign.objects.filter(shop_id=shop_id, started_at__isnull=False)
    late = (
        Q(state="ended", ended_at__gte=since)
        | Q(state="paused")
        | Q(id__in=_sending().values("id"))
    )
    shown = list(found.filter(late).order_by("-started_at")[:_MOST])
    reached = campaigns.people_reached(shop_id, [one.id for one in shown]) if shown else {}
    outcomes = campaigns.outcomes(shop_id, [one.id for one in shown]) if shown else {}
    states = {"live": "running", "paused": "stopped"}
    return [
        Work(
            "campaign",
            one.id,
            one.name,
            states.get(one.state, "done"),
            _settled(outcomes.get(one.id, [])),
            reached.get(one.id) if one.is_exhausted else None,
            one.started_at or one.created_at,
            one.ended_at,
            one.paused_reason,
        )
        for one in shown
    ]


def _replays(shop_id: int, since: datetime) -> list[Work]:
    found = ScenarioReplay.objects.filter(shop_id=shop_id)
    found = found.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=since)).order_by("-id")
    return [
        Work(
            "replay",
            one.id,
            one.name,
            one.state,
            one.done,
            one.of or None,
            one.asked_at,
            one.ended_at,
        )
        for one in found.defer("plan", "result")[:_MOST]
    ]


def _settled(outcomes: Sequence[campaigns.Outcome]) -> int:
    return sum(one.number for one in outcomes if one.state not in {"planned", "sending"})


def _sending() -> QuerySet[Campaign]:
    """One-off campaigns under way: one that goes on for ever is no work that ends."""
    return Campaign.objects.filter(state="live", plan__schedule__mode="once")
