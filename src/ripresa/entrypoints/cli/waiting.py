"""What a person sees while something takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.progress import Progress

from ripresa.entrypoints.cli import home

_PATIENCE_SECONDS = 2.0


@contextmanager
def bar(text: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar that appears only if the wait gets long; yields what moves it on."""
    shown = Progress(console=home.screen, transient=True)
    task = shown.add_task(text, total=total)
    begun = monotonic()

    def tell(more: int) -> None:
        shown.advance(task, more)
        if not shown.live.is_started and monotonic() - begun > _PATIENCE_SECONDS:
            shown.start()

    try:
        yield tell
    finally:
        if shown.live.is_started:
            shown.stop()
