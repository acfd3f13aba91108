"""A command's module is imported when the command is asked for, and no command is forgotten."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import typer

from ripresa.entrypoints import cli
from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.cli.parts import COMMANDS, GROUPS
from ripresa.entrypoints.cli.summaries import SUMMARIES
from tests.architecture.tree import ROOT

FOLDER = "ripresa.entrypoints.cli."


def test_no_command_of_any_module_is_forgotten():
    written = {
        command.callback
        for module in walk_packages(cli.__path__, FOLDER)
        for value in vars(import_module(module.name)).values()
        if isinstance(value, typer.Typer)
        for command in value.registered_commands
    }
    assert len(written) > 100
    # Typer wraps what it calls.
    offered = {command.callback.__wrapped__ for command in _leaves(typer.main.get_command(app))}
    assert {f"{one.__module__}.{one.__name__}" for one in written - offered} == set()


def _leaves(group) -> Iterator:
    for command in group.commands.values():
        if hasattr(command, "commands"):
            yield from _leaves(command)
        else:
            yield command


def test_no_name_is_told_twice():
    assert COMMANDS.keys() & GROUPS.keys() == set()


def test_the_help_says_of_each_what_it_says_of_itself():
    own = typer.main.get_command(app).commands
    assert {name: part.help.split("\n\n")[0] for name, part in own.items()} == SUMMARIES
    asked = [sys.executable, "-m", "ripresa.entrypoints", "--help"]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(asked, env=wide, capture_output=True, text=True, check=True)
    shown = re.findall(r"^│ ([a-z]+) +([A-Z].*?) *│$", done.stdout, re.MULTILINE)
    assert shown == list(SUMMARIES.items())


def test_the_help_is_told_without_importing_what_commands_need():
    asked = [sys.executable, "-X", "importtime", "-m", "ripresa.entrypoints", "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    imported = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines()]
    ours = {name for name in imported if name.startswith("ripresa.entrypoints.cli.")}
    told = {"app", "parts", "problem", "summaries"}
    assert ours == {f"ripresa.entrypoints.cli.{name}" for name in told}
    assert {"django", "psycopg", "structlog", "httpx"} & set(imported) == set()
    # What Typer and Rich bring, and little else; it was three times as many.
    assert len(imported) < 400


def test_a_command_starts_without_what_others_need():
    code = (
        "import sys; from ripresa.entrypoints.cli.app import app\n"
        "try: app(['sms', 'count', 'ciao'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'httpx', 'mpmath', 'pikepdf', 'granian', 'playwright'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told_without_importing_what_commands_need():
    asked = [sys.executable, "-X", "importtime", "-m", "ripresa.entrypoints", "--version"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert done.stdout == f"{declared}\n"
    assert "django" not in done.stderr
