"""`ripresa up`: one home, one port, and whatever is killed, nothing is left that should not be."""

import os
import signal
import socket
import subprocess

import pytest

from tests.installs import Install, Run, free_port, wait

UP = "Ripresa is up"


@pytest.fixture
def up(install: Install) -> Run:
    run = install.start("up", "--workers", "1")
    run.wait_for(UP)
    run.wait_for('"working"')
    return run


def test_a_second_start_says_so_and_the_first_goes_on_until_asked(
    up: Run, install: Install
) -> None:
    second = install.run("up", RIPRESA_BIND=f"127.0.0.1:{free_port()}")
    assert second.process.returncode == 1
    assert second.said == (
        f"ripresa: Ripresa already runs in {install.home}, PID {up.process.pid}. "
        f"Stop it first (`kill {up.process.pid}`), or set another RIPRESA_HOME.\n"
    )
    assert up.process.poll() is None

    assert up.end(signal.SIGTERM) == 0
    assert up.said.endswith("Ripresa has ended.\n")
    # The database's keeper looks twice a second.
    install.wait_until_gone()


def test_whoever_is_killed_is_started_again(up: Run, install: Install) -> None:
    worker, web = install.pid_of("worker --name"), install.pid_of("entrypoints web")
    os.kill(worker, signal.SIGKILL)
    up.wait_for("worker 1 ended (killed by SIGKILL): starting it again")
    up.wait_for('"working"', times=2)
    os.kill(web, signal.SIGKILL)
    up.wait_for("web ended (killed by SIGKILL): starting it again")
    up.wait_for('"listening"', times=2)
    assert {install.pid_of("worker --name"), install.pid_of("entrypoints web")}.isdisjoint(
        {worker, web}
    )


def test_kill_9_leaves_nothing_running_and_the_next_start_works(up: Run, install: Install) -> None:
    up.end(signal.SIGKILL)
    install.wait_until_gone()
    again = install.start("up", "--workers", "1")
    again.wait_for(UP)


@pytest.mark.slow
def test_kill_9_of_everything_at_once_is_survived(up: Run, install: Install) -> None:
    for pid in install.processes():
        os.kill(pid, signal.SIGKILL)
    wait(lambda: not install.processes(), install)
    again = install.start("up", "--workers", "2")
    again.wait_for(UP)
    again.wait_for('"working"', times=2)


@pytest.mark.slow
def test_a_killed_database_is_back_for_the_same_web_and_worker(up: Run, install: Install) -> None:
    before = install.pid_of("worker --name")
    os.kill(install.pid_of("bin/postgres -D"), signal.SIGKILL)
    up.wait_for("the database failed")
    wait(lambda: any("bin/postgres -D" in line for line in install.processes().values()), install)
    health = ("curl", "-sf", f"http://127.0.0.1:{install.port}/health?ready=1")
    wait(lambda: subprocess.run(health, check=False, capture_output=True).returncode == 0, install)
    assert install.pid_of("worker --name") == before
    assert up.end() == 0


@pytest.mark.parametrize("command", ["up", "web", "intake"])
def test_a_port_in_use_is_said_in_plain_words_before_anything_starts(command: str) -> None:
    install = Install()
    try:
        with socket.create_server(("127.0.0.1", install.port)):
            run = install.run(command)
        assert run.process.returncode == 1
        assert run.said.startswith(f"ripresa: port {install.port} on 127.0.0.1 is in use")
        assert "Traceback" not in run.said
        assert not (install.home / "postgres").exists()
    finally:
        install.close()
