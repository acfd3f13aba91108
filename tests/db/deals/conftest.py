"""The command line against the test's database."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.app import app
from tests.rows import T0, make_shop


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines", language="it")


@pytest.fixture
def ripresa(shop, monkeypatch):
    """Run a command against the test's database; a problem is raised as it is."""

    @contextmanager
    def ready():
        yield SimpleNamespace(clock=SimpleNamespace(now=lambda: T0))

    monkeypatch.setattr(home, "ready", ready)

    def run(*words):
        done = CliRunner().invoke(app, [*map(str, words), "--shop", "wines"])
        if done.exception is not None:
            raise done.exception
        return done.stdout

    return run


def told(ripresa, *words):
    return json.loads(ripresa(*words, "--json"))
