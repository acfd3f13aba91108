"""The database of the tests: one embedded PostgreSQL in .dev, shared by all xdist workers.

It is kept from run to run, so only the first one pays for initdb. It gives up safety against a crash of
the machine, which no test needs. What a test writes belongs in a database of its own: `throwaway_database`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ripresa.core.dump import dump
from ripresa.core.embedded.database import embedded_database
from ripresa.core.throwaway import throwaway_database

_HOME = Path(__file__).resolve().parent.parent / ".dev" / "test-postgres"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The libpq address of the tests' server; its user may create databases."""
    with embedded_database(_HOME, durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def blank_dump(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of a database with our tables and nothing in them: for servers that tests start anew."""
    from ripresa.entrypoints.blank_database import blank_database

    target = tmp_path_factory.mktemp("blank") / "dump"
    with throwaway_database(postgres_url, template=blank_database(postgres_url)) as dsn:
        dump(dsn, target)
    return target


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    """The DSN of an empty database that lives as long as the test."""
    with throwaway_database(postgres_url) as dsn:
        yield dsn
