"""The world at T0, links that stood in Ben's and Cleo's mails, and a browser without a cookie."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.rows import DAY, T0, make_link
from tests.world import World, build_world

TOKEN = "Zm9vYmFyYmF6cXV4"


@pytest.fixture
def world(db) -> Iterator[World]:
    with time_machine.travel(T0, tick=False):
        yield build_world()


@pytest.fixture
def link(world):
    """A link of Ben's mail: link("restore") is its address."""

    def make(purpose: str, *, message=None, token: str = TOKEN, days: int = 30) -> str:
        text = make_link(message or world.sent, purpose, token, expires_at=T0 + days * DAY)
        return f"/{purpose[0]}/{text}"

    return make
