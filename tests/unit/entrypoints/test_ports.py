"""A port is free, or it is said why not."""

import socket
import subprocess
import sys

import pytest

from ripresa.entrypoints.running import ports
from ripresa.entrypoints.running.ports import PortTaken, held, held_or_another, require_free


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_PATIENCE_SECONDS", 0.2)


@pytest.fixture
def taken() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_refused(taken: int) -> None:
    with pytest.raises(PortTaken, match=f"port {taken} on 127.0.0.1 is in use"):
        require_free("127.0.0.1", taken)


def test_a_port_that_would_be_shared_is_refused_as_well() -> None:
    """That is how a server like ours listens."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        with pytest.raises(PortTaken, match="is in use"):
            require_free("127.0.0.1", server.getsockname()[1])


def test_a_port_on_which_a_connection_has_just_ended_is_free(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        connection, _ = server.accept()
        connection.close()
        client.recv(1)
        client.close()
    require_free("127.0.0.1", port)


def test_a_predecessor_that_is_just_ending_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(ports.time, "sleep", lambda _seconds: server.close())
    require_free("127.0.0.1", server.getsockname()[1])


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortTaken, match=r"RIPRESA_BIND names 192\.0\.2\.1, which is no address"):
        require_free("192.0.2.1", 8000)


@pytest.fixture
def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_the_preferred_port_is_taken_or_another(taken: int, free: int) -> None:
    with held_or_another("127.0.0.1", taken) as port:
        assert port != taken
    with held_or_another("127.0.0.1", free) as port:
        assert port == free


def test_of_two_that_start_at_once_one_gets_the_port(free: int) -> None:
    """Neither listens yet: to look whether the port is free would tell both that it is."""
    with held("127.0.0.1", free):
        require_free("127.0.0.1", free)
        with pytest.raises(PortTaken, match=f"port {free} on 127.0.0.1 is in use"):
            held("127.0.0.1", free).__enter__()
        with held_or_another("127.0.0.1", free) as port:
            assert port != free
            with held_or_another("127.0.0.1", port) as another:
                assert another not in {port, free}
    with held("127.0.0.1", free):
        pass


def test_a_port_in_use_is_not_held(taken: int) -> None:
    with pytest.raises(PortTaken), held("127.0.0.1", taken):
        pass


def test_who_is_killed_lets_go_of_the_port(free: int) -> None:
    hold = (
        "import sys; from ripresa.entrypoints.running.ports import held\n"
        f"with held('127.0.0.1', {free}): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        (sys.executable, "-c", hold), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(PortTaken):
            held("127.0.0.1", free).__enter__()
        other.kill()
    with held("127.0.0.1", free):
        pass
