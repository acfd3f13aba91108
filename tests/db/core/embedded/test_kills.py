"""kill -9 of users, keeper and server, alone and together: nothing is lost, nothing needs a hand."""

import os
import shutil
import signal
import time
from functools import partial
from pathlib import Path

import psycopg
import pytest

from ripresa.core.embedded import server
from ripresa.core.embedded.processes import list_processes
from tests.db.core.embedded.actors import Stage, User, is_free, wait_until


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def kill_everything(stage: Stage, *users: User) -> None:
    """The keeper first: so it can't put right what comes after."""
    kill(stage.keeper())
    kill(stage.postmaster())
    for user in users:
        user.kill()


def answers(user: User) -> bool:
    try:
        return user.query("SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_a_killed_user_takes_nobody_along(lived_in: Stage):
    first, second = lived_in.enter(), lived_in.enter()
    assert first.url == second.url
    first.kill()
    # Longer than the keeper takes to look.
    time.sleep(1.2)
    assert second.query("SELECT 1") == 1
    second.leave()
    assert server.has_ended(lived_in.place)


def test_when_all_users_are_killed_the_keeper_stops_the_server(lived_in: Stage):
    users = [lived_in.enter(), lived_in.enter()]
    assert users[0].url == users[1].url
    for user in users:
        user.kill()
    seconds = wait_until(lambda: server.has_ended(lived_in.place))
    print(f"stopped after {seconds:.1f} s")
    wait_until(lambda: is_free(lived_in.place.keeper_lock))
    assert "database system is shut down" in lived_in.place.log.read_text()


def test_a_start_after_everything_was_killed_recovers_by_itself(lived_in: Stage):
    users = [lived_in.enter(), lived_in.enter()]
    users[0].query("CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) n")
    assert users[1].query("SELECT count(*) FROM kept") == 1000
    kill_everything(lived_in, *users)
    again = lived_in.enter()
    assert again.query("SELECT count(*) FROM kept") == 1000
    assert "automatic recovery in progress" in lived_in.place.log.read_text()
    again.leave()


def test_without_its_keeper_a_server_is_adopted_and_gets_a_new_one(lived_in: Stage):
    first = lived_in.enter()
    assert first.url
    postmaster, keeper = lived_in.postmaster(), lived_in.keeper()
    kill(keeper)
    second = lived_in.enter()
    assert second.url == first.url
    assert lived_in.postmaster() == postmaster
    assert lived_in.keeper() not in {None, keeper}
    first.kill()
    second.kill()
    wait_until(lambda: server.has_ended(lived_in.place))


def test_without_its_keeper_the_last_user_still_stops_the_server(lived_in: Stage):
    user = lived_in.enter()
    assert user.url
    kill(lived_in.keeper())
    user.leave()
    assert server.has_ended(lived_in.place)


def test_a_killed_server_is_started_again_for_those_who_use_it(lived_in: Stage):
    user = lived_in.enter()
    user.query("CREATE TABLE kept AS SELECT 1 AS n")
    kill(lived_in.postmaster())
    seconds = wait_until(lambda: answers(user))
    print(f"answers again after {seconds:.1f} s")
    assert user.query("SELECT n FROM kept") == 1
    user.leave()
    assert server.has_ended(lived_in.place)


def test_what_a_killed_server_leaves_behind_does_not_hold_up_the_next_start(lived_in: Stage):
    user = lived_in.enter()
    connection = psycopg.connect(user.url, autocommit=True)
    backend = connection.info.backend_pid
    # It computes, and so does not notice for minutes that its server is gone.
    connection.pgconn.send_query(b"SELECT sum(sqrt(n)) FROM generate_series(1, 1e10::bigint) n")
    state = f"SELECT state = 'active' FROM pg_stat_activity WHERE pid = {backend}"
    wait_until(lambda: user.query(state))
    kill_everything(lived_in, user)
    assert backend in list_processes(lived_in.place.data)
    began = time.monotonic()
    again = lived_in.enter()
    assert again.query("SELECT 1") == 1
    print(f"started again after {time.monotonic() - began:.1f} s")
    assert backend not in list_processes(lived_in.place.data)
    connection.close()


def test_a_start_that_was_killed_in_the_middle_is_made_good_by_the_next(stage: Stage):
    for pause in (0.25, 0.35, 0.45, 0.6):
        user = stage.enter()
        time.sleep(pause)
        user.kill()
    last = stage.enter()
    assert last.query("SELECT 1") == 1
    last.leave()
    assert server.has_ended(stage.place)


def test_a_stranger_that_has_the_old_pid_is_left_alone(lived_in: Stage):
    user = lived_in.enter()
    assert user.url
    kill_everything(lived_in, user)
    stranger = lived_in.enter(lived_in.folder / "other")
    assert stranger.url
    pid_file = lived_in.place.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    lines[0] = f"{stranger.process.pid}\n"
    pid_file.write_text("".join(lines))
    again = lived_in.enter()
    assert again.query("SELECT 1") == 1
    again.leave()
    assert stranger.query("SELECT 1") == 1


def test_a_home_that_was_deleted_while_in_use_does_not_disturb_its_successor(lived_in: Stage):
    old = lived_in.enter()
    assert old.url
    postmaster, keeper = lived_in.postmaster(), lived_in.keeper()
    shutil.rmtree(lived_in.home)
    new = lived_in.enter()
    assert new.query("SELECT 1") == 1
    old.kill()
    wait_until(lambda: not Path(f"/proc/{keeper}/cwd").exists())
    assert new.query("SELECT 1") == 1
    # It would end by itself within a minute, when it looks for its PID file.
    os.kill(postmaster, signal.SIGTERM)
    wait_until(lambda: not Path(f"/proc/{postmaster}/cwd").exists())
    assert new.query("SELECT 1") == 1
    new.leave()
    assert server.has_ended(lived_in.place)


@pytest.mark.slow
def test_a_long_recovery_is_waited_for_and_told(lived_in: Stage):
    user = lived_in.enter()
    user.query("CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 300000)")
    kill_everything(lived_in, user)
    again = lived_in.enter()
    while "redo at" not in server.read_phase(lived_in.place.log):
        time.sleep(0.005)
    recovering = _startup_process(lived_in)
    # As if the disk were slow, so that it takes longer than any patience with a number.
    os.kill(recovering, signal.SIGSTOP)
    time.sleep(20)
    os.kill(recovering, signal.SIGCONT)
    assert again.query("SELECT count(*) FROM big") == 300000
    told = [line for line in again.said.splitlines() if line.startswith("Recovering after a crash")]
    print("\n".join(told))
    assert len(told) >= 8
    assert "redo at 0/" in told[-1]


def _startup_process(stage: Stage) -> int:
    """The PID of the process that recovers."""
    return next(
        pid
        for pid in list_processes(stage.place.data)
        if "startup" in Path(f"/proc/{pid}/cmdline").read_text()
    )


@pytest.mark.slow
def test_a_hundred_random_kills_lose_no_committed_row(lived_in: Stage):
    # One user stays through all kills but those of everything.
    staying = lived_in.enter()
    staying.query("CREATE TABLE told (n int)")
    for turn in range(100):
        users = [lived_in.enter() for _ in range(1 + turn % 3)]
        users[0].query(f"INSERT INTO told VALUES ({turn})")
        match turn % 5:
            case 0:
                kill(lived_in.postmaster())
            case 1:
                kill(lived_in.keeper())
            case 2:
                kill_everything(lived_in, staying)
                staying = lived_in.enter()
        for user in users:
            user.kill()
        wait_until(partial(answers, staying))
        assert staying.query("SELECT count(*) FROM told") == turn + 1
    staying.leave()
    wait_until(lambda: server.has_ended(lived_in.place))
