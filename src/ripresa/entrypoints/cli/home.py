"""What every command needs first: the database, reached or started, and Django on top of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import django
from rich.console import Console
from rich.text import Text

from ripresa.core import config, log
from ripresa.core.config import Config
from ripresa.core.embedded.database import embedded_database
from ripresa.core.pg import check_server
from ripresa.domain.audit.acting import COMMAND_LINE, Actor, acting_as
from ripresa.domain.scenarios.legal_basis import presets

screen = Console(stderr=True, highlight=False)
_answers = Console(highlight=False, soft_wrap=True)


def report(line: str) -> None:
    """Say something on standard error: standard output belongs to results."""
    screen.print(line, markup=False, soft_wrap=True)


def answer(line: Text) -> None:
    """Say a result, coloured where a person reads it."""
    _answers.print(line)


@contextmanager
def database() -> Iterator[str]:
    """The address of the database: DATABASE_URL, or the embedded one of RIPRESA_HOME meanwhile."""
    found = config.load()
    if found.database_url is not None:
        check_server(found.database_url)
        yield found.database_url
    else:
        with embedded_database(found.home, report=report) as url:
            yield url


@contextmanager
def ready(by: Actor = COMMAND_LINE) -> Iterator[Config]:
    """The database with its tables, and Django set up on it; `by`: who does what is done meanwhile."""
    log.keep_off_results()
    with database() as url:
        set_up(url)
        # Only now: it needs Django's settings.
        from ripresa.entrypoints import schema

        schema.lay(url, report)
        with acting_as(by):
            yield config.load()


def set_up(url: str) -> None:
    """Set Django up on the database at `url`; once a process. Raises ConfigError."""
    config.hand_down(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="ripresa.entrypoints.settings")
    django.setup()
    presets.check()


def child_environment(**values: str) -> dict[str, str]:
    """The environment for a process of ours.

    Without the address of the embedded database: it is to register as a user of that itself.
    """
    return {**config.environment_as_found(), **values}
