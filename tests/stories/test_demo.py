"""The main job, end to end: `ripresa demo --once`, and what stays of it.

Pictures of each stage are kept in test-results/demo, for whoever wants to look.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "test-results" / "demo"
STAGES = [
    "started",
    "cart_left",
    "reminder_came",
    "cart_restored",
    "bought",
    "badge_is_green",
    "silence",
]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files; pytest's own has a path too long for Chromium's socket."""
    folder = Path(tempfile.mkdtemp(prefix="story-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.timeout(900)
def test_a_cart_is_left_the_mail_comes_she_buys_and_hears_no_more(
    tmp_path: Path, temporary: Path
) -> None:
    shutil.rmtree(PICTURES, ignore_errors=True)
    run = subprocess.run(
        (sys.executable, "-m", "ripresa.entrypoints", "demo", "--once", "--pictures", PICTURES),
        env=_environment_of_a_newcomer(tmp_path, temporary),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=850,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    told = json.loads(run.stdout)
    assert told["happened"] is True
    assert list(told["stages"]) == STAGES
    assert all(stage["happened"] for stage in told["stages"].values())

    assert told["stages"]["cart_restored"]["items_shown"] == 2
    assert told["stages"]["cart_restored"]["bottles_in_rebuilt_cart"] == 2
    assert told["stages"]["silence"]["mails_after_purchase"] == 0
    assert told["stages"]["silence"]["mails_to_who_did_not_buy"] == 3
    assert told["stages"]["reminder_came"]["seconds_after_leaving"] < 600
    assert len(list(PICTURES.glob("*.png"))) >= 8

    # Nothing runs on, and nothing of it lies about.
    until = time.monotonic() + 60  # a busy machine takes its time to clear processes away
    while _processes_with(temporary) and time.monotonic() < until:
        time.sleep(0.1)
    assert _processes_with(temporary) == []
    assert list(temporary.glob("ripresa-*")) == []


def _environment_of_a_newcomer(home: Path, temporary: Path) -> dict[str, str]:
    """An empty home, a folder for temporary files by which everything of this run is known."""
    inherited = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("RIPRESA_", "XDG_")) and name != "DATABASE_URL"
    }
    return {**inherited, "HOME": str(home), "TMPDIR": str(temporary)}


def _processes_with(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            known = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            if os.fsencode(folder) in known:
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue  # it has just ended
    return found
