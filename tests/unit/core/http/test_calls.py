"""Each way in which a call can end, against a real server on loopback."""

import socket
import ssl
import threading
import time
from dataclasses import replace
from ipaddress import ip_address

import pytest

from ripresa.core.http import network
from ripresa.core.http.client import (
    MAX_ANSWER_BYTES,
    Call,
    HttpClient,
    NoAnswer,
    NotAsked,
    basic,
    bearer,
)
from tests.certificates import self_signed
from tests.scripted_http import DROP, HANG, HOST, Said, ScriptedApi


def soon(seconds=60.0):
    return time.monotonic() + seconds


@pytest.fixture
def client():
    made = HttpClient(internal_hosts=[HOST])
    yield made
    made.close()


def test_a_form_goes_out_in_utf8_and_the_answer_comes_back(client):
    with ScriptedApi(lambda heard: Said(201, {"id": 7}, {"X-Kind": "a"})) as api:
        call = Call.form(api.url + "/send?x=1", {"text": "Ciao è €"}, basic("ada", "pässword"))
        answer = client.ask(call, deadline=soon())
    assert (answer.status, answer.json(), answer.headers["x-kind"]) == (201, {"id": 7}, "a")
    (heard,) = api.heard
    assert (heard.method, heard.path, heard.query) == ("POST", "/send", {"x": "1"})
    assert heard.form == {"text": "Ciao è €"}
    assert heard.headers["authorization"] == "Basic YWRhOnDDpHNzd29yZA=="
    assert heard.headers["host"] == f"{HOST}:{api.port}"


def test_json_and_queries_go_out_as_they_should(client):
    with ScriptedApi(lambda heard: Said()) as api:
        client.ask(Call.json(api.url, {"a": "ș"}, bearer("t")), deadline=soon())
        client.ask(Call.get(api.url + "/x?a=1", {"b": "c d"}), deadline=soon())
    assert api.heard[0].json == {"a": "ș"}
    assert api.heard[0].headers["authorization"] == "Bearer t"
    assert api.heard[1].query == {"a": "1", "b": "c d"}


def test_a_redirect_is_an_answer_and_not_followed(client):
    with ScriptedApi(lambda heard: Said(302, "", {"Location": "/elsewhere"})) as api:
        assert client.ask(Call.get(api.url), deadline=soon()).status == 302
    assert len(api.heard) == 1


def test_connections_are_kept(client):
    with ScriptedApi(lambda heard: Said(200, "x")) as api:
        for _ in range(3):
            client.ask(Call.get(api.url), deadline=soon())
        assert len(client._pool.connections) == 1


def test_who_cannot_be_reached_was_not_asked(client):
    with socket.socket() as nobody:
        nobody.bind((HOST, 0))  # and does not listen
        url = f"http://{HOST}:{nobody.getsockname()[1]}"
        with pytest.raises(NotAsked, match="can't be reached") as trouble:
            client.ask(Call.get(url), deadline=soon())
    assert not trouble.value.needs_mending


def test_no_time_left_is_not_asked(client):
    with ScriptedApi(lambda heard: Said()) as api, pytest.raises(NotAsked, match="time"):
        client.ask(Call.get(api.url), deadline=time.monotonic() - 1)
    assert api.heard == []


@pytest.mark.parametrize("silence", [DROP, b"HTTP/1.1 200 OK\r\ncontent-le", b"no HTTP at all"])
def test_half_an_answer_is_none(client, silence):
    with ScriptedApi(lambda heard: silence) as api, pytest.raises(NoAnswer):
        client.ask(Call.form(api.url, {"a": "b"}), deadline=soon())


def test_a_body_cut_short_is_no_answer(client):
    cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"
    with ScriptedApi(lambda heard: cut) as api, pytest.raises(NoAnswer):
        client.ask(Call.get(api.url), deadline=soon())


def test_who_never_answers_is_left_when_time_is_up(client):
    started = time.monotonic()
    with ScriptedApi(lambda heard: HANG) as api, pytest.raises(NoAnswer):
        client.ask(Call.get(api.url), deadline=soon(2))
    assert time.monotonic() - started < 40


def test_who_answers_drop_by_drop_is_left_when_time_is_up(client):
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(60)
        url = f"http://{HOST}:{server.getsockname()[1]}"

        def drip():
            peer, _ = server.accept()
            with peer:
                try:
                    peer.sendall(b"HTTP/1.1 200 OK\r\n")
                    for _ in range(200):
                        peer.sendall(b"x-a: b\r\n")
                        time.sleep(0.1)
                except OSError:
                    pass  # the client had enough

        thread = threading.Thread(target=drip)
        thread.start()
        started = time.monotonic()
        with pytest.raises(NoAnswer):
            client.ask(Call.get(url), deadline=soon(2))
        assert time.monotonic() - started < 40
        thread.join()


def test_an_endless_answer_is_cut_off(client):
    big = Said(200, b"x" * (MAX_ANSWER_BYTES + 1))
    with ScriptedApi(lambda heard: big) as api, pytest.raises(NoAnswer, match="larger"):
        client.ask(Call.get(api.url), deadline=soon())


def test_tls_is_checked(tmp_path):
    good = self_signed(tmp_path)
    trusting = HttpClient(internal_hosts=[HOST], ca_file=good.ca_file)
    wary = HttpClient(internal_hosts=[HOST])
    with ScriptedApi(lambda heard: Said(200, "in"), tls=good.server) as api:
        assert trusting.ask(Call.get(api.url), deadline=soon()).text == "in"
        with pytest.raises(NotAsked, match=r"certificate of 127\.0\.0\.1") as trouble:
            wary.ask(Call.get(api.url), deadline=soon())
    assert trouble.value.needs_mending
    assert len(api.heard) == 1
    trusting.close()
    wary.close()


def test_a_certificate_for_another_name_is_refused(tmp_path):
    other = self_signed(tmp_path, host="elsewhere.example")
    client = HttpClient(internal_hosts=[HOST], ca_file=other.ca_file)
    with (
        ScriptedApi(lambda heard: Said(), tls=other.server) as api,
        pytest.raises(NotAsked, match="certificate"),
    ):
        client.ask(Call.get(api.url), deadline=soon())
    client.close()


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/", "https://", "https://[x", "http://provider.example/", "https://x:99999/"],
)
def test_what_must_not_be_called_is_not(client, url):
    with pytest.raises(NotAsked) as trouble:
        client.ask(Call.get(url), deadline=soon())
    assert trouble.value.needs_mending


def test_the_own_network_is_out_of_reach_unless_named(tmp_path):
    good = self_signed(tmp_path)
    client = HttpClient(ca_file=good.ca_file)
    with (
        ScriptedApi(lambda heard: Said(), tls=good.server) as api,
        pytest.raises(NotAsked, match="RIPRESA_INTERNAL_HOSTS") as trouble,
    ):
        client.ask(Call.get(api.url), deadline=soon())
    assert trouble.value.needs_mending
    assert api.heard == []
    client.close()


def test_a_name_that_leads_inside_is_refused_and_the_checked_address_is_the_one_used(monkeypatch):
    """A second look-up that gave another address (rebinding) never happens: there is only one."""
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(network.socket, "getaddrinfo", resolve)
    client = HttpClient()
    with pytest.raises(NotAsked, match=r"10\.0\.0\.1"):
        client.ask(Call.get("https://gateway.example/"), deadline=soon())
    assert asked == ["gateway.example"]
    client.close()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:0:4136:e378::"),
    ],
)
def test_private_addresses_in_every_guise(address):
    assert not network.is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"],
)
def test_public_addresses(address):
    assert network.is_public(ip_address(address))


def test_a_call_does_not_print_its_secrets():
    call = Call.form("https://x.example", {"password": "tiger"}, basic("ada", "lion"))
    assert "tiger" not in repr(call)
    assert "Basic" not in repr(replace(call, method="PUT"))


def test_what_the_machine_trusts_is_read_once_and_what_a_client_trusts_stays_its_own(
    tmp_path, monkeypatch
):
    own = self_signed(tmp_path).ca_file
    HttpClient().close()
    read = []
    real = ssl.create_default_context
    monkeypatch.setattr(
        ssl, "create_default_context", lambda **how: read.append(how) or real(**how)
    )
    for _ in range(3):
        HttpClient().close()
    assert read == []
    HttpClient(ca_file=own).close()
    assert read == [{"cafile": own}]
