"""All checks in order: each needs what those before it found well."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from ripresa.core import config as configuration
from ripresa.core.config import Config, ConfigError
from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.pg import check_server
from ripresa.entrypoints.doctor.finding import Finding
from ripresa.entrypoints.doctor.machine import check_clock, check_home, check_settings
from ripresa.entrypoints.doctor.mail_server import check_mail_server


def examine(
    database: Callable[[], AbstractContextManager[str]], set_up: Callable[[str], None]
) -> Iterator[Finding]:
    """Look at everything. `database` opens the database, `set_up` sets Django up on it."""
    try:
        config = configuration.load()
    except ConfigError as wrong:
        yield Finding("settings", "fail", str(wrong), "correct it and run the doctor again")
        return
    yield from check_settings(config)
    yield from check_home(config.home)
    yield from _look_at_database(config, database, set_up)
    yield check_mail_server(config)


def _look_at_database(
    config: Config,
    database: Callable[[], AbstractContextManager[str]],
    set_up: Callable[[str], None],
) -> Iterator[Finding]:
    which = "the server of DATABASE_URL" if config.database_url else "the embedded one"
    try:
        with database() as url:
            facts = check_server(url)
            yield Finding("database", "ok", f"{which}, PostgreSQL {facts.version}")
            yield check_clock(url)
            set_up(url)
            # Only now: it needs Django's settings.
            from ripresa.entrypoints.doctor.carriers import check_carriers
            from ripresa.entrypoints.doctor.senders import check_senders
            from ripresa.entrypoints.doctor.work import check_tables, check_work

            tables = check_tables()
            yield tables
            if tables.level == "ok":
                yield from check_work(config.clock.now())
                yield from check_carriers(
                    config.clock.now(), takes_mail_in=config.mailbox is not None
                )
                yield from check_senders(config)
    except DatabaseProblem as problem:
        advice = "nothing is lost meanwhile: the intake answers 503 and shops try again"
        yield Finding("database", "fail", str(problem), advice)
