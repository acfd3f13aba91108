"""An error that nobody foresaw is a sentence, not a stack trace; that lies in a file."""

import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from tests.installs import Install, Run

# Read by Python before the program: as if something in Ripresa were broken.
BROKEN = """
import sys
from ripresa.core import config

def load():
    {what}

if "ripresa.entrypoints" in sys.orig_argv:
    config.load = load
"""


@pytest.fixture
def install():
    made = Install()
    yield made
    made.close()


@pytest.fixture
def broken(install: Install, tmp_path: Path):
    """Starts a command of a program in which something does `what`."""

    def start(what: str, **env: str) -> Run:
        (tmp_path / "sitecustomize.py").write_text(BROKEN.format(what=what))
        path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
        return install.start("db", "migrate", PYTHONPATH=path, **env)

    return start


def test_it_is_one_sentence_and_the_details_are_in_a_file(install: Install, broken) -> None:
    run = broken("raise LookupError('anna@mail.test')")
    assert run.wait() == 70
    [file] = (install.home / "logs").iterdir()
    assert run.said == (
        "ripresa: something went wrong that Ripresa did not foresee (LookupError). Try once more; if it "
        f"happens again, send {file} to whoever looks after this install, or report it with that file.\n"
    )
    assert run.result == ""
    assert "Traceback" in file.read_text()
    assert "LookupError: anna@mail.test" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_home_that_takes_no_file_leaves_it_in_the_temporary_folder(
    install: Install, broken, tmp_path: Path
) -> None:
    (install.home / "logs").write_text("in the way")
    run = broken("raise LookupError('lost')", TMPDIR=str(tmp_path))
    assert run.wait() == 70
    [file] = tmp_path.glob("ripresa-crash-*.txt")
    assert f"send {file} to" in run.said
    assert "LookupError: lost" in file.read_text()


def test_without_any_place_for_a_file_it_is_told_at_once(install: Install, broken) -> None:
    (install.home / "logs").write_text("in the way")
    nowhere = "import tempfile; tempfile.tempdir = '/proc/nowhere'; raise LookupError('lost')"
    run = broken(nowhere)
    assert run.wait() == 70
    assert (
        "It could not be written to a file (No such file or directory), so here it is:" in run.said
    )
    assert run.said.endswith("LookupError: lost\n")


def test_ctrl_c_ends_quietly(install: Install, broken) -> None:
    run = broken("import time; sys.stderr.write('waiting\\n'); sys.stderr.flush(); time.sleep(60)")
    run.wait_for("waiting")
    assert run.end(signal.SIGINT) == 130
    assert run.said == "waiting\n"
    assert not (install.home / "logs").exists()
