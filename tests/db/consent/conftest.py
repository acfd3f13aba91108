"""A shop, its commands as a person types them, and events folded at once."""

import pytest

from ripresa.usecases.fold_events import fold_shop
from tests.commands import commands
from tests.db.usecases.fold_tables import arrive
from tests.rows import T0, make_shop


@pytest.fixture
def shop(db):
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def ripresa(shop, monkeypatch):
    """Run a command at T0 against the test's database; a problem is raised as it is."""
    return commands(monkeypatch, lambda: T0)


@pytest.fixture
def hear(shop):
    """Let events arrive, and fold them."""

    def fold(*events, trusted=True):
        arrive(shop, events, trusted=trusted)
        while fold_shop(shop_id=shop.id, now=T0):
            pass

    return fold
