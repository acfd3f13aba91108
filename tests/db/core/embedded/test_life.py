"""First start, second start, sharing, stopping: the embedded database on good days."""

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from ripresa.core.embedded import server
from ripresa.core.embedded.database import embedded_database
from ripresa.core.embedded.place import MAX_SOCKET_BYTES, find_place
from tests.db.core.embedded.actors import Stage, is_free, wait_until


def test_the_second_start_finds_what_the_first_one_left(stage: Stage):
    lines: list[str] = []
    seconds = []
    for expected in (0, 1):
        began = time.monotonic()
        with (
            embedded_database(stage.home, report=lines.append) as url,
            psycopg.connect(url) as connection,
        ):
            seconds.append(time.monotonic() - began)
            connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (expected,)
            connection.execute("INSERT INTO kept VALUES (1)")
        assert server.has_ended(stage.place)
    print(f"first start {seconds[0]:.2f} s, second start {seconds[1]:.2f} s")
    # A slow machine is told more, every two seconds.
    made = f"Making a new database in {stage.place.base}"
    assert (lines[0], lines.count(made)) == (made, 1)


def test_the_server_is_safe_and_private(lived_in: Stage):
    with embedded_database(lived_in.home) as url, psycopg.connect(url) as connection:
        facts = connection.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
            " current_setting('full_page_writes'), current_setting('data_checksums'),"
            " current_setting('listen_addresses'), current_setting('server_encoding'),"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), lower('ÀȘ')"
        ).fetchone()
        assert facts == ("on", "on", "on", "on", "", "UTF8", False, "àș")
        assert connection.execute("SHOW max_connections").fetchone() == ("200",)
        folder = Path(connection.info.host)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(lived_in.place.data.stat().st_mode) == 0o700
        assert folder.stat().st_uid == lived_in.place.data.stat().st_uid != 0


def test_it_stops_with_the_last_of_two_users(lived_in: Stage):
    first, second = lived_in.enter(), lived_in.enter()
    assert first.url == second.url
    first.leave()
    assert second.query("SELECT 1") == 1
    second.leave()
    assert server.has_ended(lived_in.place)
    wait_until(lambda: is_free(lived_in.place.keeper_lock))


def test_one_process_may_enter_twice(lived_in: Stage):
    with embedded_database(lived_in.home) as outer:
        with embedded_database(lived_in.home) as inner:
            assert inner == outer
        with psycopg.connect(outer) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert server.has_ended(lived_in.place)


def test_a_forked_child_is_a_user_of_its_own(lived_in: Stage):
    with embedded_database(lived_in.home) as url:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(writing)
            os.read(reading, 1)  # until the parent lets go of the pipe
            os._exit(0)
    try:
        os.close(reading)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        os.close(writing)
        os.waitpid(child, 0)
    wait_until(lambda: server.has_ended(lived_in.place))


def test_two_homes_know_nothing_of_each_other(lived_in: Stage):
    one, other = lived_in.enter(), lived_in.enter(lived_in.folder / "other")
    one.query("CREATE TABLE here (id int)")
    assert other.url != one.url
    assert other.query("SELECT to_regclass('here')") is None
    one.leave()
    assert other.query("SELECT 1") == 1


def test_two_who_ask_at_once_do_not_take_each_other_for_a_server(lived_in: Stage):
    def ask_often(_: int) -> bool:
        return all(server.has_ended(lived_in.place) for _ in range(5_000))

    with ThreadPoolExecutor(2) as askers:
        assert all(askers.map(ask_often, range(2)))


def test_eight_processes_start_at_once_in_a_fresh_home(stage: Stage):
    users = [stage.enter() for _ in range(8)]
    assert len({user.url for user in users}) == 1
    assert [user.query("SELECT 1") for user in users] == [1] * 8
    assert sum("Making a new database" in user.said for user in users) == 1
    for user in users:
        user.leave()
    assert server.has_ended(stage.place)


@pytest.mark.parametrize("name", ["long-" * 30, "a,b", 'it\'s "odd" $HOME %p \\ ünï'])
def test_a_home_may_have_any_name(stage: Stage, name: str):
    home = stage.folder / name / "home"
    user = stage.enter(home)
    assert user.query("SELECT 1") == 1
    with psycopg.connect(user.url) as connection:
        folder = Path(connection.info.host)
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= MAX_SOCKET_BYTES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    user.leave()
    place = find_place(home)
    assert place is not None
    assert server.has_ended(place)
    # What had to be made outside the home is gone; what is inside stays for the next start.
    assert folder.exists() == folder.is_relative_to(home)


def test_settings_of_ones_own_win_and_stay(lived_in: Stage):
    (lived_in.place.base / "local.conf").write_text("work_mem = '33MB'\n")
    user = lived_in.enter()
    assert user.query("SHOW work_mem") == "33MB"
