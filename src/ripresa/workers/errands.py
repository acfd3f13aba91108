"""The lanes beside the rounds and never in their way: what is asked of shops' platforms, and replays.

A platform may answer for many minutes, a page at a time, and a replay may take as long; mails that are
due must not wait for them.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from ripresa.core.clock import Clock
from ripresa.domain.connections import queries
from ripresa.domain.coupons.minting import shops_to_mint
from ripresa.usecases.connected.asking import ShopAsker
from ripresa.usecases.connected.back_fill import BackFiller
from ripresa.usecases.connected.minting import Minter
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connected.registering import Registrar
from ripresa.usecases.connections import Connections
from ripresa.usecases.due_work import DueWork
from ripresa.usecases.replay.working import Replayer, shops_with_running
from ripresa.workers.rounds import Worker

LONGEST_NAP = 1.0
# A page takes as long as a shop may take for its answer; then the lane ends by itself. Who does not wait
# for it loses nothing: a page is stored whole or not at all.
_PATIENCE_SECONDS = 5.0


def errands_of(
    connections: Connections, is_asked_to_end: Callable[[], bool]
) -> dict[str, tuple[DueWork, ...]]:
    """All that is asked of platforms when nobody waits for it, by lane: histories have one to themselves."""
    opener = Opener(connections)
    registrar = Registrar(opener)
    asker = ShopAsker(opener, is_asked_to_end)
    filler = BackFiller(opener, is_asked_to_end)
    return {
        "errands": (
            DueWork("registration", queries.shops_to_register, registrar.look_after_due),
            DueWork("reconciliation", queries.shops_to_ask, asker.ask_due),
            DueWork("minting", shops_to_mint, Minter(opener).mint_due),
        ),
        "history": (DueWork("history", queries.shops_to_fill, filler.fill_due),),
    }


@contextmanager
def lanes(
    connections: Connections, clock: Clock, is_asked_to_end: Callable[[], bool]
) -> Iterator[None]:
    """Run errands and replays in threads of their own, each with a connection of its own to the database."""
    replayer = Replayer(clock.now, is_asked_to_end)
    work = {
        **errands_of(connections, is_asked_to_end),
        "replays": (DueWork("replays", shops_with_running, replayer.replay_due),),
    }
    threads = [
        Thread(
            target=Worker(kinds, clock, is_asked_to_end, LONGEST_NAP).run, name=name, daemon=True
        )
        for name, kinds in work.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        until = time.monotonic() + _PATIENCE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
