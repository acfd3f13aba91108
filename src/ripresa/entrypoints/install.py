"""A whole install in one command: which processes it has, and what it tells whoever started it."""

import http.client
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

from ripresa.core.config import Config, environment_as_found
from ripresa.core.pg import connect
from ripresa.entrypoints.running.crew import Crew, Role
from ripresa.entrypoints.running.stopping import Stopping

# A batch under way may wait for a mail server that does not answer.
WORKER_PATIENCE = 75.0
WEB_PATIENCE = 20.0

_LOOK_SECONDS = 0.2
_SLOW_START_SECONDS = 30.0


def roles(workers: int, env: Mapping[str, str], *, has_mailbox: bool = False) -> list[Role]:
    """One web process, which lays the tables and has the intake in it, `workers`, and who takes mails in."""
    mailbox = [Role("mailbox", ("mailbox",), env, WEB_PATIENCE)] if has_mailbox else []
    return [
        Role("web", ("web",), env, WEB_PATIENCE),
        *(
            Role(name, ("worker", "--name", name), env, WORKER_PATIENCE)
            for name in (f"worker {number}" for number in range(1, workers + 1))
        ),
        *mailbox,
    ]


def run(
    config: Config, url: str, workers: int, stopping: Stopping, report: Callable[[str], None]
) -> None:
    """Run the install until asked to end. `url`: its database, for a look whether it has a shop."""
    crew = Crew(report)
    try:
        has_mailbox = config.mailbox is not None
        crew.start(roles(workers, environment_as_found(), has_mailbox=has_mailbox))
        if wait_until_up(config, crew, stopping, report):
            _welcome(config, url, workers, report)
        while not stopping():
            crew.tend()
            time.sleep(_LOOK_SECONDS)
        report("Ending: answers and mails under way go out first. Once more to end at once.")
    finally:
        crew.end(in_a_hurry=lambda: stopping.requests > 1)


def wait_until_up(
    config: Config, crew: Crew, stopping: Stopping, report: Callable[[str], None]
) -> bool:
    """Wait until web answers; False if the end was asked for before."""
    told = time.monotonic()
    while not stopping():
        if is_up(config):
            return True
        crew.tend()
        if time.monotonic() - told > _SLOW_START_SECONDS:
            told = time.monotonic()
            report("Web has not answered yet; still waiting.")
        time.sleep(_LOOK_SECONDS)
    return False


def is_up(config: Config) -> bool:
    """Whether web answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, config.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(config: Config, url: str, workers: int, report: Callable[[str], None]) -> None:
    report(f"Ripresa is up, with {workers} worker{'s' if workers > 1 else ''}. Ctrl-C ends it.")
    report(f"  Console   {config.public_url}")
    report(f"  Intake    {config.public_url}/v1/events and {config.public_url}/v1/collect")
    report(f"  Script    {config.public_url}/ripresa.js")
    report(f"  Home      {config.home}")
    if not _has_shop(url):
        report("There is no shop yet. In another terminal:")
        report("  ripresa shop create my-shop --name 'My shop' --store-url https://my-shop.example")
        report("  ripresa user create me@my-shop.example --shop my-shop")


def _has_shop(url: str) -> bool:
    with connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM shop)").fetchone()
    return bool(row and row[0])
