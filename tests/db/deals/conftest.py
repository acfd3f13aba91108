"""The command line against the test's database."""

import json

import pytest

from tests.commands import commands
from tests.rows import T0, make_shop


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines", language="it")


@pytest.fixture
def ripresa(shop, monkeypatch):
    """Run a command against the test's database; a problem is raised as it is."""
    run = commands(monkeypatch, lambda: T0)
    return lambda *words: run(*words).stdout


def told(ripresa, *words):
    return json.loads(ripresa(*words, "--json"))
