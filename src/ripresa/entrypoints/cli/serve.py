"""`ripresa up | web | intake | worker`: the processes of an install."""

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any

import structlog
import typer

from ripresa.core import config as configuration
from ripresa.core import log
from ripresa.core.config import Config
from ripresa.core.locks import HomeBusy, home_lock
from ripresa.domain.audit.acting import PROGRAM
from ripresa.entrypoints import registry
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.running import lifeline, ports
from ripresa.entrypoints.running.ports import PortTaken
from ripresa.entrypoints.running.stopping import Stopping
from ripresa.entrypoints.storefront_files import POPUP, SCRIPT

app = typer.Typer()

# Given by the process that starts us: see ripresa.entrypoints.running.crew.
Held = Annotated[bool, typer.Option("--lifeline", hidden=True)]
Name = Annotated[str, typer.Option("--name", hidden=True)]


@app.command()
def up(
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many workers to run.")] = 2,
) -> None:
    """Start all in one: the embedded database, web with the intake, and workers."""
    from ripresa.entrypoints.install import run

    config = configuration.load()
    registry.smtp_settings(config)
    registry.lmtp_address(config)
    stopping = Stopping()
    try:
        with (
            home_lock(config.home),
            ports.held(config.host, config.port),
            home.database() as url,
        ):
            run(config, url, workers, stopping, home.report)
    except (HomeBusy, PortTaken) as wrong:
        raise Problem(str(wrong)) from None
    home.report("Ripresa has ended.")


@app.command()
def web(*, held: Held = False) -> None:
    """Serve the console, the public pages and the intake."""
    stopping = _begin("web", held=held)
    with _port(held=held), home.ready(by=PROGRAM) as config:
        from django.core.asgi import get_asgi_application

        # Of the console's static files, which are small: they are read whole.
        warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous")
        _serve(config, config.database_url or "", get_asgi_application(), stopping)


@app.command()
def intake(*, held: Held = False) -> None:
    """Serve the intake alone: /v1/events, /v1/collect and the storefront script."""
    stopping = _begin("intake", held=held)
    with _port(held=held), home.database() as url:
        # In a process of its own: the intake stays small without Django.
        command = (sys.executable, "-P", "-m", "ripresa.entrypoints", "db", "migrate")
        if subprocess.run(command, env=home.child_environment(), check=False).returncode:  # noqa: S603
            raise Problem("the tables could not be laid: see above")
        _serve(configuration.load(), url, None, stopping)


@app.command()
def worker(*, held: Held = False, name: Name = "worker") -> None:
    """Fold events, find abandoned carts, plan and send what is due."""
    stopping = _begin(name, held=held)
    with home.ready(by=PROGRAM) as config:
        from ripresa.core.http.client import HttpClient
        from ripresa.usecases.connections import Connections
        from ripresa.usecases.providers.provider_accounts import Accounts
        from ripresa.usecases.shop_channels import ShopChannels
        from ripresa.usecases.webhooks.delivering import TO_ALL, Courier
        from ripresa.workers.errands import lanes
        from ripresa.workers.rounds import Worker, work_of
        from ripresa.workers.webhook_lane import webhook_lane

        accounts = Accounts(registry.PROVIDERS)
        channels = ShopChannels(accounts, registry.install_channels(config))
        structlog.get_logger("ripresa").info("working")
        connections = Connections(registry.CONNECTORS)
        work = work_of(channels, config.clock, accounts, connections)
        http = HttpClient(connections=TO_ALL, internal_hosts=configuration.internal_hosts())
        with (
            webhook_lane(Courier(http), config.clock, stopping),
            lanes(connections, config.clock, stopping),
        ):
            Worker(work, config.clock, stopping).run()
        channels.close()


@app.command()
def mailbox(*, held: Held = False) -> None:
    """Take in mails that come back: handed to RIPRESA_MAILBOX (LMTP), and fetched by IMAP."""
    stopping = _begin("mailbox", held=held)
    address = registry.lmtp_address(configuration.load())
    with home.ready(by=PROGRAM) as config:
        from ripresa.domain.messages.links import own_letterhead
        from ripresa.entrypoints.mailbox_server import MailboxServer
        from ripresa.usecases.providers.provider_accounts import Accounts

        accounts = Accounts(registry.PROVIDERS)
        server = MailboxServer(accounts, own_letterhead(), config.clock, address)
        try:
            server.run(stopping)
        except OSError as wrong:
            raise Problem(f"RIPRESA_MAILBOX: can't listen at {config.mailbox}: {wrong}") from None


def _begin(role: str, *, held: bool) -> Stopping:
    log.set_up(role)
    stopping = Stopping()
    if held:
        lifeline.hold()
    return stopping


@contextmanager
def _port(*, held: bool) -> Iterator[None]:
    """Our port, kept from others; where another process of ours started us, that one keeps it."""
    config = configuration.load()
    try:
        with ExitStack() as kept:
            if held:
                ports.require_free(config.host, config.port)
            else:
                kept.enter_context(ports.held(config.host, config.port))
            yield
    except PortTaken as wrong:
        raise Problem(str(wrong)) from None


def _serve(config: Config, url: str, pages: Callable[..., Any] | None, stopping: Stopping) -> None:
    # Late: other commands need none of it.
    from ripresa.entrypoints.asgi import Ripresa, ScriptFile
    from ripresa.entrypoints.http_server import ServerBroke, serve
    from ripresa.intake.app import IntakeApp

    intake_app = IntakeApp(url, config.clock, config.secret_key, trust_proxy=config.trust_proxy)
    application = Ripresa(intake_app, ScriptFile(SCRIPT), pages, popup=ScriptFile(POPUP))
    told = structlog.get_logger("ripresa").bind(address=f"http://{config.host}:{config.port}")
    try:
        serve(
            application,
            config.host,
            config.port,
            ready=lambda: told.info("listening"),
            is_asked_to_end=stopping,
        )
    except ServerBroke as broken:
        raise Problem(str(broken)) from None
