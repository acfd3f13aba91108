"""`ripresa demo`: the main job, to look at, with a shop to leave a cart in."""

import os
import shutil
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ripresa.core.config import named_home
from ripresa.core.embedded.place import Place, find_place
from ripresa.core.locks import FileLock, HomeBusy
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.demo.catcher import CaughtMail
from ripresa.entrypoints.demo.memory import LOGIN
from ripresa.entrypoints.demo.stage import NotUp, Stage, Wish, set_up
from ripresa.entrypoints.running.stopping import Stopping
from ripresa.entrypoints.storefront_files import DEMO_SHOP

app = typer.Typer()

# An hour in forty seconds: time enough to type an address, and the mail within a minute.
SPEED = 90.0
# Without a person nobody waits for anybody to type.
ONCE_SPEED = 360.0
PORT = 8300
_KEEPER_SECONDS = 5.0


@app.command()
def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Play the story without a person; print what happened.")
    ] = False,
    speed: Annotated[
        float | None, typer.Option(min=1, max=3600, help="How much faster than the wall time runs.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=1024, max=65533, help="The shop's; the next two are used as well.")
    ] = PORT,
    browser: Annotated[bool, typer.Option("--browser", help="Open the shop in a browser.")] = False,
    pictures: Annotated[
        Path | None, typer.Option(help="With --once: a folder for pictures of each stage.")
    ] = None,
) -> None:
    """Show the main job: a cart is left behind, the mail comes, she buys. Nothing leaves the machine."""
    if not DEMO_SHOP.is_dir():
        raise Problem(f"the demo needs the shop's pages in {DEMO_SHOP}: run it from a checkout")
    try:
        if once:
            _play(speed or ONCE_SPEED, port, pictures)
        else:
            _stay_open(speed or SPEED, port, open_browser=browser)
    except (HomeBusy, NotUp) as wrong:
        raise Problem(str(wrong)) from None


def _stay_open(speed: float, port: int, *, open_browser: bool) -> None:
    folder = named_home() or Path(".demo").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    stopping = Stopping()
    wish = Wish(folder, speed, port, home.report, home.ready)
    with set_up(wish, stopping, lambda mail: _tell_of_mail(mail, stage)) as stage:
        if not stopping():
            _welcome(stage)
        if open_browser:
            webbrowser.open(stage.shop_url)
        stage.watch(until=lambda: False)
        home.report("Ending the demo …")
    home.report(f"The demo has ended. What happened stays in {folder}; delete it to begin anew.")


def _play(speed: float, port: int, pictures: Path | None) -> None:
    try:
        from ripresa.entrypoints.demo.story import Story, StoryBroke, chromium
    except ImportError:
        raise Problem("--once needs Playwright: pip install 'ripresa[dev]'") from None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    stopping = Stopping()
    told: dict[str, object] = {"happened": False, "stages": {}}
    with _home_for_once() as folder:
        wish = Wish(folder, speed, port, home.report, home.ready)
        # The browser comes last: while it is open, Django would refuse to be asked anything.
        with set_up(wish, stopping, _nothing) as stage:
            try:
                with chromium() as browser:
                    story = Story(stage, browser, pictures)
                    story.stages["started"] = {"happened": True, "seconds": _since(began)}
                    told["stages"] = story.stages
                    story.tell()
            except StoryBroke as broken:
                told["wrong"] = str(broken)
                home.report(_tail(stage.log))
            else:
                told["happened"] = True
    told["seconds"] = _since(began)
    typer.echo(json_text(told))
    raise typer.Exit(0 if told["happened"] else 1)


@contextmanager
def _home_for_once() -> Iterator[Path]:
    """RIPRESA_HOME, or a folder that is deleted afterwards."""
    if (named := named_home()) is not None:
        named.mkdir(parents=True, exist_ok=True)
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="ripresa-demo-"))
    # The database's own user has to pass through, where root runs all this.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if (place := find_place(folder)) is not None:
            _wait_for_keeper(place)
            shutil.rmtree(place.base, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_keeper(place: Place) -> None:
    """The database's keeper looks twice a second whether it is still needed: it ends before we do."""
    until = time.monotonic() + _KEEPER_SECONDS
    with FileLock(place.keeper_lock) as lock:
        while not lock.try_exclusive() and time.monotonic() < until:
            time.sleep(0.05)


def _welcome(stage: Stage) -> None:
    hour = stage.clock.wall_seconds(timedelta(hours=1))
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_row(
        "1",
        "Shop",
        f"{stage.shop_url}\nPut wine in the cart, walk to the checkout, type any address, tick the "
        "box, and leave.",
    )
    table.add_row(
        "2",
        "Mails",
        f"{stage.mails_url}\nThe reminder comes {hour:.0f} seconds after the latest change to the "
        "cart. Follow its button and buy.",
    )
    table.add_row(
        "3",
        "Console",
        f"{stage.console_url}\nSign in as {LOGIN}, password {stage.memory.password}. The cart has "
        "turned green, and no further mail comes.",
    )
    home.report("")
    home.screen.print(table)
    home.report(f"An hour passes in {hour:.0f} seconds here. Ctrl-C ends everything.")


def _tell_of_mail(mail: CaughtMail, stage: Stage) -> None:
    to = ", ".join(mail.recipients)
    home.report(f"Mail to {to}: {mail.subject}  {stage.mails_url}/#{mail.number}")


def _nothing(_mail: CaughtMail) -> None:
    """The story looks for itself."""


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return os.linesep.join(("What the processes said last:", *lines[-20:]))


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)
