"""What every command needs first: the database, reached or started, and Django on top of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command
from rich.console import Console

from ripresa.core import config
from ripresa.core.config import Config
from ripresa.core.embedded.database import embedded_database
from ripresa.core.pg import check_server

screen = Console(stderr=True, highlight=False)


def report(line: str) -> None:
    """Say something on standard error: standard output belongs to results."""
    screen.print(line)


@contextmanager
def database() -> Iterator[str]:
    """The address of the database: DATABASE_URL, or the embedded one of RIPRESA_HOME while this lasts."""
    found = config.load()
    if found.database_url is not None:
        check_server(found.database_url)
        yield found.database_url
    else:
        with embedded_database(found.home, report=report) as url:
            yield url


@contextmanager
def ready() -> Iterator[Config]:
    """The database with its tables, and Django set up on it."""
    with database() as url:
        set_up(url)
        call_command("migrate", verbosity=0, interactive=False)
        yield config.load()


def set_up(url: str) -> None:
    """Set Django up on the database at `url`; once a process."""
    config.hand_down(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="ripresa.entrypoints.settings")
    django.setup()


def child_environment(**values: str) -> dict[str, str]:
    """The environment for a process of ours: it registers as a user of the embedded database itself."""
    return {**_own_environment(), **values}


def _own_environment() -> dict[str, str]:
    return dict(os.environ)  # noqa: TID251  (children inherit everything, read or not)
