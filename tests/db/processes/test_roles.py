"""The roles one by one: each ends when asked, with whoever started it, and the intake needs no Django."""

import json
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.installs import PATIENCE_SECONDS, Install, read_json, wait_until_read
from tests.smtp_sink import SinkServer


def test_a_worker_ends_when_asked(install: Install) -> None:
    run = install.start("worker")
    run.wait_for('"working"')
    assert run.end(signal.SIGTERM) == 0
    install.wait_until_gone()


def test_mail_is_taken_in_until_asked_to_end(install: Install) -> None:
    place = install.home / "lmtp"
    run = install.start("mailbox", RIPRESA_MAILBOX=str(place))
    run.wait_for('"listening for mail"')
    with smtplib.LMTP(str(place)) as post:
        post.ehlo()
        post.mail("")
        assert (
            post.rcpt(f"b+{'a' * 47}@bounce.shop.test")[0] == 550
        )  # nobody's: it is signed by nobody
    assert run.end(signal.SIGTERM) == 0
    assert not place.exists()
    install.wait_until_gone()


def test_a_wrong_place_for_mail_is_refused_at_the_start(install: Install) -> None:
    for role in ("mailbox", "up"):
        run = install.run(role, RIPRESA_MAILBOX="mail.example:24")
        assert run.process.returncode == 1
        assert "RIPRESA_MAILBOX: it must be a path or a port of this machine" in run.said


def test_web_ends_when_its_lifeline_is_cut(install: Install) -> None:
    process = subprocess.Popen(
        (sys.executable, "-m", "ripresa.entrypoints", "web", "--lifeline"),
        env=install.environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    while b'"listening"' not in process.stderr.readline():
        assert process.poll() is None
    process.stdin.close()
    assert process.wait(PATIENCE_SECONDS) == 0
    process.stderr.close()


def test_web_asked_to_end_answers_what_is_under_way_and_ends_quietly(install: Install) -> None:
    made = install.run("shop", "create", "grapes", "--json")
    run = install.start("web")
    run.wait_for('"listening"')
    body = json.dumps(
        {
            "id": "e1",
            "type": "cart.emptied",
            "occurred_at": "2026-11-22T10:00:00Z",
            "cart": {"token": "t"},
        }
    ).encode()
    head = (
        "POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {read_json(made)['secret_key']}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", install.port), timeout=120) as shop:
        shop.sendall(head.encode() + body[:-10])
        wait_until_read(install.port, shop)
        run.process.send_signal(signal.SIGTERM)
        run.process.send_signal(
            signal.SIGTERM
        )  # as a service manager and `ripresa up` may, at once
        time.sleep(0.5)
        shop.sendall(body[-10:])
        answer = shop.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 202")
    assert run.wait() == 0
    assert "Traceback" not in run.said
    assert "panic" not in run.said


def test_the_intake_alone_stores_events_and_serves_the_script(install: Install) -> None:
    install.run("shop", "create", "cellar", "--json")
    made = install.run("shop", "create", "cellar-2", "--json")
    run = install.start("intake")
    run.wait_for('"listening"')
    event = {"id": "e1", "type": "cart.emptied", "occurred_at": "2026-11-22T10:00:00Z"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{install.port}/v1/events",
        json.dumps(event | {"cart": {"token": "t"}}).encode(),
        {
            "authorization": f"Bearer {read_json(made)['secret_key']}",
            "content-type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 202
        assert json.load(answer)["accepted"] == 1
    with urllib.request.urlopen(f"http://127.0.0.1:{install.port}/ripresa.js") as answer:
        assert b"/v1/collect" in answer.read()
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    libraries = Path(f"/proc/{run.process.pid}/maps").read_text()
    assert "mrml" not in libraries
    assert run.end() == 0


def test_the_doctor_says_what_is_wrong_and_what_to_do(install: Install) -> None:
    with SinkServer() as sink:
        well = install.run("doctor", "--json", RIPRESA_SMTP_URL=sink.url)
    assert well.process.returncode == 0, well.said
    levels = {one["check"]: one["level"] for one in read_json(well)["checks"]}
    assert levels["database"] == levels["tables"] == levels["mail server"] == "ok"
    assert levels["public address"] == "warn"

    # Nobody listens there any more.
    ill = install.run("doctor", RIPRESA_SMTP_URL=sink.url)
    assert ill.process.returncode == 1
    assert f"fail  mail server: cannot connect to 127.0.0.1:{sink.port}" in ill.result
    assert "correct RIPRESA_SMTP_URL" in ill.result


def test_the_doctor_tells_a_wrong_setting(install: Install) -> None:
    run = install.run("doctor", "--json", RIPRESA_BIND="here")
    assert run.process.returncode == 1
    [finding] = read_json(run)["checks"]
    assert finding["found"] == "RIPRESA_BIND must look like 127.0.0.1:8000, not 'here'"


@pytest.mark.long
def test_two_first_starts_at_once_lay_the_tables_once() -> None:
    install = Install()
    try:
        runs = [install.start("db", "migrate") for _ in range(2)]
        assert [run.wait() for run in runs] == [0, 0], [run.said for run in runs]
        assert sum("Laying the tables" in run.said for run in runs) == 1
    finally:
        install.close()
