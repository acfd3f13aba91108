"""What the embedded database says when it can't run, and what it leaves alone."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ripresa.core.embedded import server
from ripresa.core.embedded.account import find_account
from ripresa.core.embedded.binaries import find_binaries
from ripresa.core.embedded.database import embedded_database
from ripresa.core.embedded.problems import EmbeddedError, explain
from tests.db.core.embedded.actors import Stage, is_free, wait_until


def refusal(home: Path) -> str:
    with pytest.raises(EmbeddedError) as caught, embedded_database(home):
        pass
    return str(caught.value)


def test_data_of_another_major_version(lived_in: Stage):
    (lived_in.place.data / "PG_VERSION").write_text("14\n")
    said = refusal(lived_in.home)
    assert "written by PostgreSQL 14" in said
    assert "ripresa db dump" in said
    # Nobody is left, so nothing may be left running.
    wait_until(lambda: is_free(lived_in.place.keeper_lock))


def test_data_that_have_vanished_are_not_replaced_by_empty_ones(lived_in: Stage):
    lived_in.place.data.rename(lived_in.folder / "away")
    assert "is missing" in refusal(lived_in.home)
    (lived_in.folder / "away").rename(lived_in.place.data)
    with embedded_database(lived_in.home):
        pass


def test_a_folder_that_is_not_ours_is_left_alone(stage: Stage):
    theirs = stage.home / "postgres" / "data" / "PG_VERSION"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("18\n")
    assert "was not made by Ripresa" in refusal(stage.home)
    assert theirs.read_text() == "18\n"


def test_a_server_somebody_started_by_hand_is_left_alone(lived_in: Stage):
    lived_in.enter().leave()
    place = lived_in.place
    account = find_account(place.data)
    by_hand = subprocess.Popen(
        (
            find_binaries().program("postgres"),
            "-D",
            place.data,
            "-c",
            f"config_file={place.settings}",
        ),
        cwd="/",
        stderr=subprocess.DEVNULL,
        env=server.ENVIRONMENT,
        **account.process_options(),
    )
    try:
        wait_until(lambda: "ready" in _read(place.data / "postmaster.pid"))
        said = refusal(lived_in.home)
        assert f"PID {by_hand.pid}" in said
        assert "did not start" in said
        assert by_hand.poll() is None
    finally:
        by_hand.terminate()
        by_hand.wait()


def test_a_wrong_setting_of_ones_own(lived_in: Stage):
    (lived_in.place.base / "local.conf").write_text("work_mem = 'much'\n")
    said = refusal(lived_in.home)
    assert f"A setting in {lived_in.place.base}/local.conf is wrong" in said
    wait_until(lambda: is_free(lived_in.place.keeper_lock))


def test_a_home_made_for_tests_does_not_pass_for_a_safe_one(stage: Stage):
    with embedded_database(stage.home, durable=False):
        pass
    assert "without protection against a crash" in refusal(stage.home)


def test_a_damaged_marker_is_named(lived_in: Stage):
    marker = lived_in.home / "postgres" / "place.json"
    text = marker.read_text()
    marker.write_text(text[:20])
    assert f"{marker} is damaged" in refusal(lived_in.home)
    marker.write_text(text)


def test_a_home_with_a_line_break_in_its_name(stage: Stage):
    assert "line break" in refusal(stage.folder / "a\nb")


def test_a_home_that_is_a_file(stage: Stage):
    stage.home.write_text("not a folder")
    assert str(stage.home) in refusal(stage.home)
    stage.home.unlink()


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "is full"),
        ("PANIC:  could not locate a valid checkpoint record at 0/2A3B4C8", "are damaged"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "memory"),
        (
            'LOG:  could not bind Unix address "/x/s/.s.PGSQL.5432": Address already in use',
            "is taken",
        ),
        ('FATAL:  data directory "/x/data" has invalid permissions', "may not read or write"),
        ("FATAL:  something nobody has thought of", "something nobody has thought of"),
        ("", "did not start"),
    ],
)
def test_plain_words(output: str, says: str):
    sentence = explain(
        f"LOG:  starting PostgreSQL 18.4\n{output}\nLOG:  database system is shut down", Path("/x")
    )
    assert says in sentence
    assert "/x" in sentence


@pytest.fixture
def small_disk(stage: Stage) -> Iterator[Path]:
    """A disk of 110 MB: enough for a database, if nobody else writes on it."""
    disk = stage.folder / "disk"
    disk.mkdir()
    options = ("-t", "tmpfs", "-o", "size=110m,mode=711", "none", str(disk))
    if (
        os.geteuid()
        or subprocess.run(("mount", *options), stderr=subprocess.DEVNULL, check=False).returncode
    ):
        pytest.skip("only root can mount a small disk")
    yield disk
    # Lazily: the keeper may still hold its log open for a moment.
    subprocess.run(("umount", "--lazy", disk), check=True)


def _fill_up(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file:
        free = shutil.disk_usage(disk).free
        os.posix_fallocate(file.fileno(), 0, free)
    return filler


def test_a_full_disk_at_the_first_start(small_disk: Path):
    filler = _fill_up(small_disk)
    said = refusal(small_disk / "home")
    assert "is full" in said
    os.truncate(filler, shutil.disk_usage(small_disk).used - (20 << 20))
    assert "is full" in refusal(small_disk / "home")
    filler.unlink()
    with embedded_database(small_disk / "home") as url:
        assert url


def test_a_full_disk_at_a_later_start(small_disk: Path):
    lines: list[str] = []
    with embedded_database(small_disk / "home", report=lines.append):
        pass
    assert any("MB are free" in line for line in lines)
    filler = _fill_up(small_disk)
    assert "is full" in refusal(small_disk / "home")
    filler.unlink()
    with embedded_database(small_disk / "home") as url:
        assert url


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
