"""Rows that all tests of a file begin with are written once, not once for each of them.

A test's own changes are taken back to there, for its transaction is a part of the file's.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeVar

import time_machine
from django.db import transaction

from tests.rows import T0

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")


@contextmanager
def written_once(blocker: DjangoDbBlocker, write: Callable[[], Made]) -> Iterator[Made]:
    """Let `write`, called at T0, write its rows, and take them back at the end; for a fixture of a module.

    Every later test of the module finds those rows, whether it asks for them or not, and the same ids: so
    none may commit (`transaction=True`), and none may change what the program remembers by its id, such as
    the plan of a scenario's version. What `write` returned belongs to all.
    """
    block = transaction.atomic()

    def take_back() -> None:
        with blocker.unblock():
            transaction.set_rollback(True)
            block.__exit__(None, None, None)

    with ExitStack() as end:
        with blocker.unblock(), time_machine.travel(T0, tick=False):
            block.__enter__()
            end.callback(take_back)
            made = write()
        yield made
