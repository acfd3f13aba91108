"""`ripresa export`: contacts, carts, orders and messages as CSV."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.shops import find_shop

app = typer.Typer()


@app.command("export")
def export(
    kind: Annotated[str, typer.Argument(help="contacts, carts, orders or messages.")],
    file: Annotated[Path, typer.Argument(help="Where to write it; - for standard output.")],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
) -> None:
    """Write all contacts, carts, orders or messages of a shop as CSV; to a file *.parquet, as that."""
    with home.ready():
        from ripresa.usecases.files.exporting import TABLES, export_table

        if kind not in TABLES:
            raise Problem(f"there are {', '.join(TABLES)} to export, not {kind!r}")
        shop = find_shop(shop_slug)
        if str(file) == "-":
            export_table(kind, shop_id=shop.id, to=sys.stdout)
            return
        if file.suffix == ".parquet":
            count = _as_parquet(kind, shop.id, file)
            typer.echo(f"{count:,} {kind} written to {file}.")
            return
        try:
            with (
                file.open("w", encoding="utf-8", newline="") as to,
                home.screen.status(f"Writing {kind} …") as status,
            ):
                count = export_table(
                    kind,
                    shop_id=shop.id,
                    to=to,
                    progress=lambda done: status.update(f"Writing {kind} … {done:,}"),
                )
        except OSError as wrong:
            raise Problem(f"{file} can't be written: {wrong.strerror}") from None
    typer.echo(f"{count:,} {kind} written to {file}.")


def _as_parquet(kind: str, shop_id: int, file: Path) -> int:
    from ripresa.core.delimited.parquet import NoParquet
    from ripresa.usecases.files.exporting import export_parquet

    try:
        with file.open("wb") as to, home.screen.status(f"Writing {kind} …"):
            return export_parquet(kind, shop_id=shop_id, to=to)
    except NoParquet as missing:
        file.unlink(missing_ok=True)
        raise Problem(str(missing)) from None
    except OSError as wrong:
        raise Problem(f"{file} can't be written: {wrong.strerror}") from None
