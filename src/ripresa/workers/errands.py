"""The lanes of errands: what is asked of shops' platforms, beside the rounds and never in their way.

A platform may answer for many minutes, a page at a time; mails that are due must not wait for it.
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
from ripresa.usecases.run_due import DueWork
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
    """Run errands in threads of their own, each with a connection of its own to the database."""
    threads = [
        Thread(target=Worker(work, clock, is_asked_to_end, LONGEST_NAP).run, name=name, daemon=True)
        for name, work in errands_of(connections, is_asked_to_end).items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        until = time.monotonic() + _PATIENCE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
