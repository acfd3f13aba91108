"""`ripresa attribute` and `ripresa holdout`: what was earned, over files, with the code of the reports."""

import csv
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from ripresa.domain.attribution.credit import Model, Rules
from ripresa.domain.scenarios.durations import NotADuration, parse_duration
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.reports.asking import AsParquet, save
from ripresa.entrypoints.cli.results import json_text
from ripresa.usecases.analysis.attribute_files import Share, attribute_files
from ripresa.usecases.analysis.judge_holdout import judge_holdout
from ripresa.usecases.analysis.tables import BadTable

app = typer.Typer()


@app.command()
def attribute(
    touchpoints: Annotated[
        Path, typer.Option(help="CSV: touchpoint, person or order, at, channel, kind, machine.")
    ],
    orders: Annotated[
        Path,
        typer.Option(
            help="CSV: order, person, at, amount, currency, refunded, confirmed_at, abandoned_at."
        ),
    ],
    model: Annotated[Model, typer.Option(help="How the touchpoints share an order.")] = Model.LAST,
    window: Annotated[
        str, typer.Option(help="How long before the order a touchpoint counts: 30d.")
    ] = "30d",
    opens: Annotated[
        bool, typer.Option("--opens", help="Let opens earn; machines never do.")
    ] = False,
    currency: Annotated[str, typer.Option(help="The currency of orders that name none.")] = "EUR",
    parquet: AsParquet = None,
) -> None:
    """Share orders among touchpoints; writes CSV: order, touchpoint, share, currency."""
    try:
        rules = Rules(_some_time(window), with_opens=opens)
        shares = list(
            attribute_files(
                touchpoints=touchpoints, orders=orders, model=model, rules=rules, currency=currency
            )
        )
    except (BadTable, NotADuration) as wrong:
        raise Problem(str(wrong)) from None
    _write(shares, parquet)


def _some_time(window: str) -> timedelta:
    found = parse_duration(window).at_most()
    if not found:
        raise Problem("a window of no time lets nothing count; write it like 30d or 36h")
    return found


def _write(shares: Iterable[Share], parquet: Path | None) -> None:
    lines = [
        ["order", "touchpoint", "share", "currency"],
        *(
            [one.order, one.touchpoint, f"{one.amount.decimal():f}", one.amount.currency]
            for one in shares
        ),
    ]
    if parquet is not None:
        save(lines, parquet)
        return
    csv.writer(sys.stdout, lineterminator="\n").writerows(lines)


@app.command()
def holdout(
    file: Annotated[
        Path,
        typer.Argument(help="CSV: person, arm (treated, holdout), converted, revenue; currency."),
    ],
    share: Annotated[
        float | None,
        typer.Option(min=0.001, max=0.999, help="The part that was to be held out: 0.1."),
    ] = None,
) -> None:
    """Judge a hold-out test; writes JSON: sample-ratio test, lift, intervals."""
    try:
        verdict = judge_holdout(file, share=share)
    except BadTable as wrong:
        raise Problem(str(wrong)) from None
    typer.echo(json_text(verdict, indent=2))
