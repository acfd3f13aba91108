from collections.abc import Iterator

import pytest

from tests.installs import Install


@pytest.fixture(scope="session")
def made_install() -> Iterator[Install]:
    """An install whose tables are laid; nothing runs."""
    install = Install()
    run = install.run("db", "migrate")
    assert run.process.returncode == 0, run.said
    yield install
    install.close()


@pytest.fixture
def install(made_install: Install) -> Iterator[Install]:
    """The same for each test, one after the other; what a test started is ended."""
    yield made_install
    made_install.clear()
