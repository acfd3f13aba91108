"""Locks between processes, and the one that keeps a second `ripresa up` out of a home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ripresa.core.locks import FileLock, HomeBusy, home_lock

_HOLDER = """
import sys
from pathlib import Path
from ripresa.core.locks import home_lock
with home_lock(Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that has the home `tmp_path / "home"`."""
    process = subprocess.Popen(
        (sys.executable, "-c", _HOLDER, tmp_path / "home"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_start_names_the_first_one(holder: subprocess.Popen, tmp_path: Path):
    with pytest.raises(HomeBusy) as caught, home_lock(tmp_path / "home"):
        pass
    assert str(tmp_path / "home") in str(caught.value)
    assert f"PID {holder.pid}" in str(caught.value)


def test_a_killed_holder_holds_nothing(holder: subprocess.Popen, tmp_path: Path):
    holder.kill()
    holder.wait()
    with home_lock(tmp_path / "home"):
        assert (tmp_path / "home" / "ripresa.lock").read_text() == f"{os.getpid()}\n"
    with home_lock(tmp_path / "home"):
        pass


def test_what_a_killed_holder_left_behind_still_holds(tmp_path: Path):
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        with home_lock(tmp_path):
            if os.fork() == 0:
                os.close(writing)
                os.read(reading, 1)  # until the test closes the pipe
            os._exit(0)
    os.close(reading)
    os.waitpid(parent, 0)
    try:
        with pytest.raises(HomeBusy, match="processes it left behind"), home_lock(tmp_path):
            pass
    finally:
        os.close(writing)


def test_sharers_keep_out_who_wants_it_alone(tmp_path: Path):
    with (
        FileLock(tmp_path / "lock") as one,
        FileLock(tmp_path / "lock") as two,
        FileLock(tmp_path / "lock") as alone,
    ):
        one.share()
        two.share()
        assert not alone.try_exclusive()
        one.unlock()
        assert not alone.try_exclusive()
        two.unlock()
        assert alone.try_exclusive()


def test_a_lock_is_not_followed_through_a_link(tmp_path: Path):
    (tmp_path / "target").touch()
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="lock"):
        FileLock(tmp_path / "lock")
