"""The command line in the test's own process: on its database, at an instant of its choosing."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace

from click.testing import Result
from typer.testing import CliRunner

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.app import app


def commands(
    monkeypatch, now: Callable[[], datetime], *, shop: str = "wines", **config
) -> Callable[..., Result]:
    """Runs `ripresa WORDS --shop SHOP`; a problem is raised as it is. `config`: what else a command reads.

    The answer takes `answer`, what is typed, and `env`.
    """

    @contextmanager
    def ready():
        yield SimpleNamespace(clock=SimpleNamespace(now=now), **config)

    monkeypatch.setattr(home, "ready", ready)

    def run(*words, answer: str | None = None, env: dict[str, str] | None = None) -> Result:
        done = CliRunner().invoke(
            app, [*map(str, words), "--shop", shop], input=answer, env=env or {}
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run
