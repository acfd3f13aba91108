"""Everything the demo runs: database, web and worker as `ripresa up` has them, shop, mails, fast clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ripresa.core import config as configuration
from ripresa.core.clock import Clock
from ripresa.core.config import Config
from ripresa.core.locks import home_lock
from ripresa.entrypoints import install
from ripresa.entrypoints.demo import mail_pages
from ripresa.entrypoints.demo.catcher import CaughtMail, MailCatcher
from ripresa.entrypoints.demo.memory import Memory
from ripresa.entrypoints.demo.shop_site import DemoShop
from ripresa.entrypoints.demo.site import LocalSite
from ripresa.entrypoints.running import ports
from ripresa.entrypoints.running.crew import Crew
from ripresa.entrypoints.running.stopping import Stopping

_LOOK_SECONDS = 0.2
_WRITE_SECONDS = 2.0
_START_SECONDS = 120.0


class NotUp(Exception):
    """The processes did not start; the message says where to look."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the demo is to run.

    `port`: the shop's; console and mails take the next two if they are free. `ready` opens the database
    that the settings name, with its tables, and sets Django up on it.
    """

    home: Path
    speed: float
    port: int
    report: Callable[[str], None]
    ready: Callable[[], AbstractContextManager[Config]]


@dataclass(slots=True)
class Stage:
    """A demo under way."""

    wish: Wish
    memory: Memory
    clock: Clock
    ports: tuple[int, int, int]
    catcher: MailCatcher
    crew: Crew
    stopping: Stopping

    @property
    def shop_url(self) -> str:
        """The shop's front page."""
        return f"http://localhost:{self.ports[0]}"

    @property
    def console_url(self) -> str:
        """Console, public pages and intake."""
        return f"http://localhost:{self.ports[1]}"

    @property
    def mails_url(self) -> str:
        """The mail viewer."""
        return f"http://localhost:{self.ports[2]}"

    @property
    def log(self) -> Path:
        """What the processes say."""
        return self.wish.home / "demo.log"

    def now(self) -> datetime:
        """What the demo's clock shows."""
        return self.clock.now()

    def settings(self) -> dict[str, str]:
        """The settings of the processes. Never a database that somebody else uses."""
        return {
            "DATABASE_URL": "",
            "RIPRESA_HOME": str(self.wish.home),
            "RIPRESA_BIND": f"127.0.0.1:{self.ports[1]}",
            "RIPRESA_PUBLIC_URL": self.console_url,
            "RIPRESA_SMTP_URL": self.catcher.url,
            "RIPRESA_CLOCK": self.clock.dump(),
            "RIPRESA_TRUST_PROXY": "no",
            # Any address will do in a demo, and nothing of it is asked outside: there is no such resolver.
            "RIPRESA_DNS": "none",
        }

    def run_processes(self) -> None:
        """Start web and worker, and wait until web answers. Raises NotUp."""
        env = {**configuration.environment_as_found(), **self.settings()}
        self.crew.start(install.roles(1, env))
        config = Config.from_env(self.settings())
        until = time.monotonic() + _START_SECONDS
        self.watch(until=lambda: install.is_up(config) or time.monotonic() > until)
        if not self.stopping() and not install.is_up(config):
            raise NotUp(f"web does not answer: {self.log} says why")

    def run_faster(self, speed: float) -> None:
        """Go on from this instant at another speed; the processes start anew for it."""
        self.crew.end()
        self.clock = self.clock.at_speed(speed)
        self.run_processes()

    def watch(self, until: Callable[[], bool]) -> None:
        """Look after the processes until `until`, or until the end is asked for."""
        written = 0.0
        while not self.stopping() and not until():
            self.crew.tend()
            if time.monotonic() - written > _WRITE_SECONDS:
                self.memory.write(self.now())
                written = time.monotonic()
            time.sleep(_LOOK_SECONDS)


@contextmanager
def set_up(wish: Wish, stopping: Stopping, caught: Callable[[CaughtMail], None]) -> Iterator[Stage]:
    """Start everything in `wish.home`; all of it has ended after the `with`. Raises HomeBusy, NotUp."""
    with ExitStack() as open_things:
        open_things.enter_context(home_lock(wish.home))
        memory = Memory.of(wish.home)
        three = _three_ports(wish.port, open_things)
        catcher = MailCatcher(lambda: stage.now(), caught)  # noqa: PLW0108  (the stage comes later)
        output = open_things.enter_context((wish.home / "demo.log").open("ab"))
        crew = Crew(wish.report, output=output.fileno())
        stage = Stage(wish, memory, memory.clock(wish.speed), three, catcher, crew, stopping)
        open_things.enter_context(catcher)
        configuration.hand_down(**stage.settings())
        open_things.enter_context(wish.ready())
        _seed(stage)
        open_things.callback(lambda: memory.write(stage.now()))
        open_things.enter_context(LocalSite(three[0], _shop(stage).answer))
        open_things.enter_context(LocalSite(three[2], mail_pages.pages(lambda: catcher.mails)))
        open_things.callback(crew.end)
        stage.run_processes()
        yield stage


def _three_ports(first: int, held: ExitStack) -> tuple[int, int, int]:
    shop, console, mails = (
        held.enter_context(ports.held_or_another("127.0.0.1", first + place)) for place in range(3)
    )
    return shop, console, mails


def _seed(stage: Stage) -> None:
    # Only now: it needs Django's settings.
    from ripresa.entrypoints.demo.seed import seed

    seed(stage.memory, store_url=stage.shop_url, now=stage.now())
    stage.memory.write(stage.now())


def _shop(stage: Stage) -> DemoShop:
    return DemoShop(
        intake_url=stage.console_url,
        public_key=stage.memory.public_key,
        secret_key=stage.memory.secret_key,
        now=stage.now,
        next_number=stage.memory.next_order,
        ordered=lambda number: stage.wish.report(f"Order {number} is placed"),
    )
