"""Threads that take one database step at a time, in an order that a test draws.

An actor stops before each statement and before each commit, and goes on when it is stepped. One that waits
for another's lock is told apart from one that is slow by asking PostgreSQL.
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Semaphore, Thread

from django.db import connection

_PATIENCE = 0.02


class Actor(Thread):
    """One thread with a connection of its own, which does what it is given step by step."""

    def __init__(self, name: str, log: list[str]) -> None:
        super().__init__(name=name, daemon=True)
        self.log = log
        self.at = "idle"
        self.trouble: BaseException | None = None
        self.is_blocked = False
        self.pid = 0
        self._go = Semaphore(0)
        self._here = Semaphore(0)
        self._jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self.start()
        self._here.acquire()

    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pid = cursor.fetchone()[0]
        commit = connection._commit

        def commit_by_step() -> None:
            self.pause("commit")
            commit()
            self.log.append(f"{self.name} committed")

        connection._commit = commit_by_step
        self._here.release()
        with connection.execute_wrapper(self._execute):
            while (job := self._jobs.get()) is not None:
                try:
                    job()
                except BaseException as trouble:  # noqa: BLE001  (told to the test in its own thread)
                    self.trouble = trouble
                self.at = "idle"
                self._here.release()
        connection.close()

    def _execute(self, execute, sql, params, many, context):
        self.pause(sql)
        return execute(sql, params, many, context)

    def pause(self, label: str) -> None:
        """Stop here until stepped; called by the actor itself."""
        self.at = label
        self._here.release()
        self._go.acquire()

    @property
    def is_ready(self) -> bool:
        return self.at != "idle" and not self.is_blocked

    def begin(self, job: Callable[[], object]) -> None:
        """Give it something to do; it stops before the first statement."""
        self.at = "beginning"
        self._jobs.put(job)
        self._arrive()

    def step(self) -> str:
        """Let it go on to its next stop; returns what it did: a statement, or `commit`."""
        doing = self.at
        self._go.release()
        self._arrive()
        return doing

    def poll(self) -> None:
        """See whether a blocked actor has got its lock and come to its next stop."""
        if self.is_blocked and self._here.acquire(timeout=_PATIENCE):
            self.is_blocked = False

    def _arrive(self) -> None:
        while not self._here.acquire(timeout=_PATIENCE):
            if self._waits_for_a_lock():
                self.is_blocked = True
                return
        self.is_blocked = False

    def _waits_for_a_lock(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self.pid]
            )
            return bool(cursor.fetchone()[0])

    def stop(self) -> None:
        """End the thread; only when it is idle."""
        self._jobs.put(None)
        self.join()


def interleave(
    actors: list[Actor], choices: list[int], watch: Callable[[Actor, str], None]
) -> None:
    """Step the actors until all are idle: the next by `choices`, then in turn.

    `watch(actor, doing)` is called before each step.
    """
    drawn = iter(choices)
    turn = 0
    while any(actor.at != "idle" for actor in actors):
        for actor in actors:
            actor.poll()
        ready = [actor for actor in actors if actor.is_ready]
        if ready:
            turn = next(drawn, turn + 1)
            actor = ready[turn % len(ready)]
            watch(actor, actor.at)
            actor.step()
    for actor in actors:
        if actor.trouble is not None:
            raise actor.trouble
