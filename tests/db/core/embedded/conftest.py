from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.core.embedded.actors import Stage


@pytest.fixture(scope="session")
def made_home() -> Iterator[Path]:
    """A home whose database was made and stopped; nobody starts it."""
    stage = Stage()
    stage.enter().leave()
    yield stage.home
    stage.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def lived_in(stage: Stage, made_home: Path) -> Stage:
    """A stage whose home already has a database."""
    stage.fill(made_home)
    return stage
