"""`ripresa sms`: what short messages cost, before one is sent."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from ripresa.contracts.sms import folding, text
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.shops import AsJson

app = typer.Typer(help="Short messages: what they cost, and a try.", no_args_is_help=True)


@app.command()
def count(
    words: Annotated[str, typer.Argument(metavar="TEXT", help="The text; - reads it from stdin.")],
    transliterate: Annotated[
        str,
        typer.Option(
            metavar="LANGUAGE", help="Count it as written in the GSM alphabet: it, ro, ru …"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """How many parts a text takes: each is paid for."""
    given = _from_stdin() if words == "-" else words
    before = text.count(given)
    answer = asdict(before)
    if transliterate:
        folded = folding.fold(given, transliterate)
        answer = {**asdict(text.count(folded)), "text": folded, "before": asdict(before)}
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    if transliterate:
        typer.echo(f"{answer['text']}\nbefore: {_sentence(before)}")
        before = text.count(answer["text"])
    typer.echo(_sentence(before))


def _sentence(found: text.SmsCount) -> str:
    most = (
        found.encoding.units_alone
        if found.segments <= 1
        else found.encoding.units_per_part * found.segments
    )
    parts = "1 part" if found.segments == 1 else f"{found.segments} parts"
    return (
        f"{parts}, {found.encoding}: {found.units} of {most} units, {found.characters} characters"
    )


def _from_stdin() -> str:
    """All of stdin as UTF-8, without the line end that a shell's `echo` adds."""
    try:
        given = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("what came on stdin is no UTF-8") from None
    return given.removesuffix("\n")
