from collections.abc import Iterator
from pathlib import Path

import pytest

from ripresa.core.throwaway import throwaway_database
from ripresa.entrypoints.blank_database import blank_database
from tests.installs import Install


@pytest.fixture(scope="session")
def made_install(blank_dump: Path) -> Iterator[Install]:
    """An install whose tables are laid; nothing runs."""
    install = Install()
    try:
        install.lay_tables(blank_dump)
        yield install
    finally:
        install.close()


@pytest.fixture
def install(made_install: Install) -> Iterator[Install]:
    """The same for each test, one after the other; what a test started is ended."""
    yield made_install
    made_install.clear()


@pytest.fixture
def commands(postgres_url: str) -> Iterator[Install]:
    """An install with a database of its own on the tests' server, so that no command has to start one."""
    with throwaway_database(postgres_url, template=blank_database(postgres_url)) as dsn:
        install = Install(dsn)
        yield install
        install.close()
