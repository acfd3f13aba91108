"""`ripresa db`: tables, dump and restore."""

from pathlib import Path
from typing import Annotated

import typer

from ripresa.core import dump as dumps
from ripresa.entrypoints.cli import home

# In the restore's own transaction: no worker gets in between. An old dump has no such table.
_STOP_SENDING = b"""
DO $$ BEGIN
    IF to_regclass('public.install') IS NOT NULL THEN
        INSERT INTO public.install AS i (id, stopped_at) VALUES (1, now())
            ON CONFLICT (id) DO UPDATE SET stopped_at = coalesce(i.stopped_at, now());
    END IF;
END $$;
"""
_STOPPED = """\
All sending is stopped: what was sent, ordered or refused after this dump was written is not in it.
Look at what is due, let your shops tell again what has happened since, then: ripresa start"""
_OTHER_KEY = """\
This is not the secret that the dump goes with: without it erased people can come back, and shops and
providers call addresses that nobody hears at. Put the old one in place: RIPRESA_SECRET_KEY, or the file
`secret` of the home."""

app = typer.Typer(help="Lay tables, dump and restore.", no_args_is_help=True)


@app.command()
def migrate() -> None:
    """Bring the tables up to date. Web, worker and intake do so by themselves when they start."""
    with home.ready():
        pass


@app.command()
def dump(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the whole database into one file."""
    with home.database() as url:
        dumps.dump(url, target)
    home.report(f"Written to {target}.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `ripresa db dump` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what the database holds now.")
    ] = False,
) -> None:
    """Read the database back from a file, all of it or nothing; nothing leaves until `ripresa start`."""
    with home.database() as url:
        dumps.restore(url, source, replace=replace, then=_STOP_SENDING)
        home.report(f"Restored from {source}.")
        home.report(_STOPPED)
        home.set_up(url)
        # Only now: it needs Django's settings.
        from ripresa.domain.shops.secret_mark import is_another_secret
        from ripresa.entrypoints import schema

        if not schema.pending() and is_another_secret():
            home.report(_OTHER_KEY)
