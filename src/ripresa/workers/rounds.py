"""The worker: round after round over what is due, shop by shop, until it is asked to end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

from ripresa.contracts.channel import ChannelsOfShops
from ripresa.core.clock import Clock
from ripresa.domain.attribution import rolling
from ripresa.domain.contacts.consents import requests
from ripresa.domain.imports.operations import shops_with_running
from ripresa.domain.inbox.operations import shops_with_unfolded
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.providers import errands
from ripresa.domain.providers.calls import shops_with_due
from ripresa.usecases.ask_for_consent import send_requests
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.connected.catalogue import ShopCatalogue
from ripresa.usecases.connected.last_word import LastWordOfShops
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connections import Connections
from ripresa.usecases.digests import wishes as digests
from ripresa.usecases.digests.sending import send_digests
from ripresa.usecases.due_work import DueWork, due_work
from ripresa.usecases.feedback.verdicts import judge_seen, shops_with_seen
from ripresa.usecases.files.taking import FileTaker
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.health.watching import shops_to_watch, watch
from ripresa.usecases.letters.coming_back import Receipts
from ripresa.usecases.members import mailing
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.providers.watch_balances import shops_to_ask, watch_balances
from ripresa.usecases.receiving import slowing
from ripresa.usecases.receiving.checking import DomainChecker
from ripresa.usecases.reporting import keeping as reports
from ripresa.usecases.retention import keeping
from ripresa.usecases.send_messages import LEASE, Post
from ripresa.usecases.texting import asking
from ripresa.usecases.texting.errands import run_errands

# A round that found little begins no sooner than this after the one before: what falls due meanwhile
# goes together, for a round costs about as much for one message as for a dozen. Nobody misses the
# quarter of a second.
GATHER = 0.25
LITTLE = 100
# How long a worker sleeps that found nothing to do: longer with every round in vain.
SHORTEST_NAP = 0.05
LONGEST_NAP = 0.25
# How long work that failed rests: twice as long each time.
FIRST_REST = 0.5
LONGEST_REST = 60.0

_log = structlog.get_logger("ripresa.worker")
_T = TypeVar("_T")


def work_of(
    channels: ChannelsOfShops, clock: Clock, accounts: Accounts, connections: Connections
) -> tuple[DueWork, ...]:
    """All that a worker does, in order: events first, so that orders are heard before mails go."""
    # A lease is in the clock's time, and the clock may be faster than the wires.
    lease = timedelta(seconds=LEASE.total_seconds() * clock.speed)
    letterhead = own_letterhead()
    reader = CallReader(accounts, letterhead, connections)
    opener = Opener(connections)
    word = LastWordOfShops(opener, reader)
    catalogue = ShopCatalogue(opener, clock.now)
    post = Post(channels, letterhead, lease, catalogue=catalogue, word=word)
    checker = DomainChecker()
    receipts = Receipts(channels, post.letterhead)
    return (
        # What a shop calls about becomes events, which are folded next. And before mails go: who has
        # unsubscribed by way of a provider gets no more.
        DueWork("calls", shops_with_due, reader.read_due),
        DueWork("events", lambda _now: shops_with_unfolded(), fold_shop),
        DueWork("seen", lambda _now: shops_with_seen(), judge_seen),
        # Before mails go: does their domain take any, and how many should it get?
        DueWork("domains", checker.shops_to_check, checker.check),
        DueWork("receivers", slowing.shops_to_judge, slowing.judge),
        *due_work(post),
        DueWork("health", shops_to_watch, watch),
        DueWork("imports", shops_with_running, FileTaker().take_due),
        DueWork("receipts", receipts.shops_to_ask, receipts.ask),
        DueWork("members", mailing.shops_with_due, partial(mailing.mail_members, post=post)),
        DueWork("consents", requests.shops_with_due, partial(send_requests, post=post)),
        DueWork("consent texts", asking.shops_to_ask, partial(asking.send_texts, post=post)),
        DueWork("errands", errands.shops_with_due, partial(run_errands, post=post)),
        DueWork("figures", rolling.shops_with_marks, reports.keep_up),
        DueWork(
            "digests",
            digests.shops_with_due,
            partial(send_digests, channels=channels, letterhead=letterhead),
        ),
        DueWork("retention", keeping.shops_to_tidy, keeping.let_go),
        DueWork("balances", shops_to_ask, partial(watch_balances, channels=channels)),
    )


@dataclass(slots=True)
class Worker:
    """Does `kinds` of due work by `clock`, until `is_asked_to_end` says so between two shops.

    `longest_nap` in seconds: how long it sleeps that finds nothing to do again and again.
    """

    kinds: tuple[DueWork, ...]
    clock: Clock
    is_asked_to_end: Callable[[], bool]
    longest_nap: float = LONGEST_NAP
    _rests: dict[tuple[str, int | None], "_Rest"] = field(default_factory=dict)

    def run(self) -> None:
        """Work until asked to end; the batch under way is finished."""
        nap = SHORTEST_NAP
        while not self.is_asked_to_end():
            began = time.monotonic()
            if done := self.round(self.clock.now()):
                nap = SHORTEST_NAP
                if done <= LITTLE:
                    time.sleep(max(0.0, began + GATHER - time.monotonic()))
            else:
                time.sleep(nap)
                nap = min(nap * 1.5, self.longest_nap)
        connection.close()

    def round(self, now: datetime) -> int:
        """Take a share of everything that is due; returns how much that was."""
        done = 0
        for kind in self.kinds:
            shops = self._guarded(kind.name, None, partial(kind.find_shops, now))
            for shop_id in shops or ():
                if self.is_asked_to_end():
                    return done
                work = partial(kind.work, shop_id=shop_id, now=now)
                done += self._guarded(kind.name, shop_id, work) or 0
        return done

    def _guarded(self, name: str, shop_id: int | None, work: Callable[[], _T]) -> _T | None:
        """Do `work`, unless it failed a moment ago. Its failure is its own: other shops go on."""
        rest = self._rests.get((name, shop_id))
        if rest is not None and rest.until > time.monotonic():
            return None
        try:
            result = work()
        except Exception as trouble:  # noqa: BLE001  (the one place where everything is caught)
            # Unforeseen, so a developer must look; but it must not stop the others.
            failures = rest.failures + 1 if rest else 1
            pause = min(FIRST_REST * 2 ** (failures - 1), LONGEST_REST)
            self._rests[name, shop_id] = _Rest(time.monotonic() + pause, failures)
            self._tell(trouble, work=name, shop=shop_id, again_in_seconds=pause)
            connection.close()  # whatever state it is in, the next one is fresh
            return None
        self._rests.pop((name, shop_id), None)
        return result

    @staticmethod
    def _tell(trouble: Exception, **about: object) -> None:
        if isinstance(trouble, OperationalError | InterfaceError):
            # The database is away or restarts: no fault of ours, and the trace would say nothing.
            _log.warning("the database failed", error=str(trouble).strip(), **about)
        else:
            _log.exception("work failed", **about)


@dataclass(frozen=True, slots=True)
class _Rest:
    until: float  # monotonic seconds
    failures: int
