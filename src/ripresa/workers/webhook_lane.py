"""A lane of its own for webhooks, beside the worker's round: no mail waits for somebody else's server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from ripresa.core.clock import Clock
from ripresa.usecases.due_work import DueWork
from ripresa.usecases.webhooks.delivering import Courier
from ripresa.workers.rounds import Worker


@contextmanager
def webhook_lane(
    courier: Courier, clock: Clock, is_asked_to_end: Callable[[], bool]
) -> Iterator[None]:
    """Let `courier` call whoever is due, in a thread, until asked to end or left.

    What is under way then is waited for, at most one call's time-out.
    """
    is_left = threading.Event()
    kinds = (DueWork("webhooks", courier.shops_to_call, courier.call),)
    worker = Worker(kinds, clock, lambda: is_left.is_set() or is_asked_to_end())

    def run() -> None:
        try:
            worker.run()
            courier.finish(clock.now)
        finally:
            courier.close()
            connection.close()

    thread = threading.Thread(target=run, name="webhooks")
    thread.start()
    try:
        yield
    finally:
        is_left.set()
        thread.join()
