"""A shop, its commands as a person types them, and events folded at once."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.fold_tables import arrive
from tests.rows import T0, make_shop


@pytest.fixture
def shop(db):
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def ripresa(shop, monkeypatch):
    """Run a command at T0 against the test's database; a problem is raised as it is."""

    @contextmanager
    def ready():
        yield SimpleNamespace(clock=SimpleNamespace(now=lambda: T0))

    monkeypatch.setattr(home, "ready", ready)

    def run(*words, answer=None):
        done = CliRunner().invoke(app, [*map(str, words), "--shop", "wines"], input=answer)
        if isinstance(done.exception, Problem):
            raise done.exception
        return done

    return run


@pytest.fixture
def hear(shop):
    """Let events arrive, and fold them."""

    def fold(*events, trusted=True):
        arrive(shop, events, trusted=trusted)
        while fold_shop(shop_id=shop.id, now=T0):
            pass

    return fold
