"""A dump on another machine: nothing leaves before somebody has looked, and a secret that is missing is told."""

from collections.abc import Iterator

import pytest

from ripresa.core.throwaway import throwaway_database
from tests.installs import Install, read_json


@pytest.fixture
def elsewhere(postgres_url: str) -> Iterator[Install]:
    """Another machine with an empty database and a secret of its own."""
    with throwaway_database(postgres_url) as dsn:
        install = Install(dsn)
        yield install
        install.close()


@pytest.fixture
def dump(commands: Install) -> str:
    """What the first machine keeps: two shops."""
    for slug in ("wines", "beers"):
        assert commands.run("shop", "create", slug, "--json").process.returncode == 0
    file = str(commands.home / "kept.dump")
    assert commands.run("db", "dump", file).process.returncode == 0
    return file


def doctor(install: Install, check: str) -> list[dict[str, str]]:
    """What it finds under a name."""
    return [
        one for one in read_json(install.run("doctor", "--json"))["checks"] if one["check"] == check
    ]


def test_it_is_silent_until_somebody_lets_it_send(dump, elsewhere):
    """What was sent or ordered after the dump is not in it: it must not be said twice, or to a buyer."""
    said = elsewhere.run("db", "restore", dump).said
    assert "All sending is stopped" in said
    assert "ripresa start" in said
    assert doctor(elsewhere, "install")
    assert elsewhere.run("start").process.returncode == 0
    assert not doctor(elsewhere, "install")


def test_a_restore_over_what_runs_stops_it_too(commands, dump):
    commands.run("start")
    commands.run("db", "restore", dump, "--replace")
    assert doctor(commands, "install")


def test_another_secret_is_told_at_once_and_by_the_doctor(commands, dump, elsewhere):
    assert "secret" in elsewhere.run("db", "restore", dump).said
    [finding] = doctor(elsewhere, "secret")
    assert finding["level"] == "warn"
    assert not doctor(commands, "secret")


def test_with_the_secret_of_before_there_is_nothing_to_tell(commands, dump, elsewhere):
    (elsewhere.home / "secret").write_bytes((commands.home / "secret").read_bytes())
    (elsewhere.home / "secret").chmod(0o600)
    assert "secret" not in elsewhere.run("db", "restore", dump).said
    assert not doctor(elsewhere, "secret")
