"""A port is free, or it is said why not."""

import socket

import pytest

from ripresa.entrypoints import ports
from ripresa.entrypoints.ports import PortTaken, pick, require_free


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


def test_pick_takes_the_preferred_port_or_another(taken: int) -> None:
    assert pick("127.0.0.1", taken) != taken
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert pick("127.0.0.1", free) == free
