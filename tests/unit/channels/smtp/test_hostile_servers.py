"""Servers that break, lie, dawdle and babble: no mail twice, no fate that is not true, no hanging."""

import contextlib
import socket
import threading
import time
from datetime import timedelta

import pytest

from ripresa.channels.smtp import channel as channel_module
from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown
from tests.mails import an_email
from tests.patience import with_time_enough
from tests.scripted_smtp import (
    ScriptedServer,
    close,
    drip,
    endless,
    hang,
    in_turn,
    then_close,
)

SECONDS = 60.0  # far more than a server that answers needs, on a machine that has no time
BUSY = 20.0  # as long a machine may have other things to do; less than a server hangs
SHORT = 0.4  # for servers that never do
SHORT_AND_LONGER = (SHORT, 5.0, 20.0)
VERY_SHORT = 0.2
PASSING = (False, RefusalKind.OTHER)
WAYS = pytest.mark.parametrize("offers", [[], ["PIPELINING"]], ids=["step by step", "pipelining"])


@contextlib.contextmanager
def channel_to(server: ScriptedServer, *, connections: int = 1, **choices: int):
    more = "".join(f"&{name}={value}" for name, value in choices.items())
    url = f"{server.url}&connections={connections}{more}"
    with contextlib.closing(SmtpChannel(SmtpSettings.from_url(url))) as channel:
        yield channel


def send(channel: SmtpChannel, *numbers: int, seconds: float = SECONDS) -> list[Fate]:
    """Send mails by number; the answer must be in time, whatever the server does."""
    started = time.monotonic()
    fates = channel.send([an_email(n) for n in numbers], timeout=timedelta(seconds=seconds))
    assert time.monotonic() - started < seconds + BUSY
    assert len(fates) == len(numbers)
    return fates


def sort_of(fate: Fate) -> tuple[bool, RefusalKind]:
    assert isinstance(fate, Refused), fate
    return fate.permanent, fate.kind


def playing(offers=(), **answers):
    """A server that plays the same on each connection."""
    return ScriptedServer(lambda peer: peer.serve(answers=answers, offers=offers))


@WAYS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("reply", ["450 4.2.0 later", "550 5.2.2 mailbox full"])
def test_after_a_refusal_the_next_mail_goes_over_the_same_connection(stage, reply, offers):
    good = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 kept"}[stage]
    answers = {stage: in_turn(reply, good, good)}
    if offers and stage in ("MAIL", "RCPT"):
        # Asked all at once, a good server refuses what cannot be any more.
        answers["DATA"] = in_turn("503 5.5.1 no recipient", "354 go on", "354 go on")
    with playing(offers, **answers) as server, channel_to(server) as channel:
        first, second, third = send(channel, 1, 2, 3)
        assert sort_of(first) == (reply.startswith("5"), RefusalKind.OTHER)
        assert first.detail == reply
        assert isinstance(second, Accepted)
        assert isinstance(third, Accepted)
        assert server.connections == 1
        # After content all is clear anyway (RFC 5321 4.1.1.4), and the next mail is named already.
        is_named = bool(offers) and stage == "END"
        assert server.words(1).count("RSET") == (0 if is_named else 1)
        assert server.doubled() == []


@WAYS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
def test_421_is_a_passing_trouble_and_ends_the_connection(stage, offers):
    good = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 kept"}[stage]
    answers = {stage: in_turn(good, then_close("421 4.3.2 shutting down"), good)}
    with playing(offers, **answers) as server, channel_to(server) as channel:
        first, second, third = send(channel, 1, 2, 3)
        assert isinstance(first, Accepted)
        assert sort_of(second) == PASSING
        assert "421 4.3.2 shutting down" in second.detail
        assert isinstance(third, Accepted)
        assert server.connections == 2


@pytest.mark.parametrize(
    ("stage", "offers"),
    [
        *((stage, []) for stage in ("BANNER", "EHLO", "MAIL", "RCPT", "DATA")),
        *((stage, ["PIPELINING"]) for stage in ("MAIL", "RCPT", "DATA")),
    ],
)
@pytest.mark.parametrize(
    "trouble",
    [
        close,
        hang,
        drip("250 " + "x" * 100),
        endless(b"250-more\r\n"),
        endless(b"x" * 100),
        b"999 \xff\xfe\r\n",
    ],
    ids=["close", "hang", "drip", "endless reply", "endless line", "babble"],
)
def test_before_the_content_every_trouble_is_surely_not_taken_over(stage, trouble, offers):
    with playing(offers, **{stage: trouble}) as server, channel_to(server) as channel:
        first, second = send(channel, 1, 2, seconds=VERY_SHORT)
        assert sort_of(first) == PASSING
        assert sort_of(second) == PASSING
        assert server.received == []


@pytest.mark.parametrize(
    "trouble",
    [
        close,
        hang,
        drip("250 " + "x" * 100),
        endless(b"250-more\r\n"),
        endless(b"x" * 100),
        b"\xff\xfe\r\n",
        b"354 go on\r\n",
        b"99\r\n",
    ],
    ids=["close", "hang", "drip", "endless reply", "endless line", "babble", "354", "99"],
)
def test_after_the_final_dot_every_trouble_is_unknown_and_nothing_more_is_sent(trouble):
    def story(seconds):
        with playing(END=trouble) as server, channel_to(server) as channel:
            first, second, third = send(channel, 1, 2, 3, seconds=seconds)
            assert isinstance(first, Unknown)
            assert sort_of(second) == sort_of(third) == PASSING
            assert server.message_ids() == ["m1@mail.enoteca.example"]

    with_time_enough(story, *SHORT_AND_LONGER)


def test_a_server_that_swallows_mails_makes_one_a_connection_unknown():
    def story(seconds):
        with playing(END=hang) as server, channel_to(server, connections=4) as channel:
            fates = send(channel, *range(50), seconds=seconds)
            unknown = [fate for fate in fates if isinstance(fate, Unknown)]
            assert 1 <= len(unknown) <= 4 <= channel.in_flight
            assert len(server.received) == len(unknown)
            assert all(sort_of(fate) == PASSING for fate in fates if fate not in unknown)

    with_time_enough(story, *SHORT_AND_LONGER)


def test_trouble_with_one_connection_does_not_stop_the_others():
    def story(seconds):
        given = threading.Event()

        def swallow(peer):
            given.set()
            hang(peer)

        def play(peer):
            if peer.number == 1:
                peer.serve(answers={"END": swallow})
            given.wait(seconds)  # the others are not so quick that the first gets none
            peer.serve()

        with ScriptedServer(play) as server, channel_to(server, connections=3) as channel:
            fates = send(channel, *range(30), seconds=seconds)
            assert [type(fate) for fate in fates].count(Unknown) == 1
            assert [type(fate) for fate in fates].count(Accepted) == 29
            assert server.doubled() == []
            assert len(server.received) == 30

    with_time_enough(story, 0.8, 10.0, 40.0)


@WAYS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_kept_connection_that_died_is_replaced_once_and_the_mail_goes(stage, offers):
    def play(peer):
        if peer.number == 1:
            good = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on"}[stage]
            peer.serve(answers={stage: in_turn(good, close)}, offers=offers)
        peer.serve(offers=offers)

    with ScriptedServer(play) as server, channel_to(server) as channel:
        assert isinstance(send(channel, 1)[0], Accepted)
        assert isinstance(send(channel, 2)[0], Accepted)
        assert server.connections == 2
        assert server.message_ids() == ["m1@mail.enoteca.example", "m2@mail.enoteca.example"]


@pytest.mark.parametrize("farewell", ["250 kept", "250 kept\r\n421 4.4.2 idle for too long"])
def test_a_connection_closed_between_mails_is_replaced_before_anything_is_said(farewell):
    def play(peer):
        peer.serve(answers={"END": then_close(farewell)} if peer.number == 1 else {})

    with ScriptedServer(play) as server, channel_to(server) as channel:
        assert isinstance(send(channel, 1)[0], Accepted)
        server.wait_until_hung_up(1)
        assert isinstance(send(channel, 2)[0], Accepted)
        assert server.connections == 2
        assert server.words(1).count("MAIL") == 1


def test_a_mail_that_kills_every_connection_is_tried_on_one_new_one_only():
    def play(peer):
        peer.serve(answers={"RCPT": in_turn("250 ok", close) if peer.number == 1 else close})

    with ScriptedServer(play) as server, channel_to(server) as channel:
        assert isinstance(send(channel, 1)[0], Accepted)
        assert sort_of(send(channel, 2)[0]) == PASSING
        assert server.connections == 2


def test_words_that_nobody_asked_for_do_not_answer_the_next_mail():
    # A reply too many would make every later mail look accepted before it was.
    answers = {"END": "250 kept\r\n250 and another one"}
    with playing(**answers) as server, channel_to(server) as channel:
        fates = send(channel, 1, 2, 3)
        assert all(isinstance(fate, Accepted) for fate in fates)
        assert server.connections == 3
        assert server.doubled() == []


def test_an_answer_to_content_that_was_not_sent_yet_is_not_believed():
    with playing(DATA="354 go on\r\n250 kept") as server, channel_to(server) as channel:
        assert sort_of(send(channel, 1)[0]) == PASSING
        assert server.received == []


@pytest.mark.parametrize(
    ("stage", "lie"), [("MAIL", "354 go"), ("RCPT", "354 go"), ("DATA", "250 ok")]
)
@WAYS
def test_an_answer_that_fits_no_question_ends_the_connection(stage, lie, offers):
    with playing(offers, **{stage: lie}) as server, channel_to(server) as channel:
        assert sort_of(send(channel, 1)[0]) == PASSING
        assert server.received == []


def test_a_server_that_wants_content_after_refusing_gets_none():
    offers, answers = ["PIPELINING"], {"RCPT": in_turn("550 5.1.1 no such user", "250 ok")}
    with playing(offers, **answers) as server, channel_to(server) as channel:
        first, second = send(channel, 1, 2)
        assert sort_of(first) == (True, RefusalKind.MAILBOX)
        assert isinstance(second, Accepted)
        assert server.message_ids() == ["m2@mail.enoteca.example"]
        assert server.connections == 2


def test_a_refusal_stands_even_if_the_server_leaves_without_answering_the_rest():
    offers, answers = ["PIPELINING"], {"MAIL": then_close("550 5.7.1 go away")}
    with playing(offers, **answers) as server, channel_to(server) as channel:
        assert sort_of(send(channel, 1)[0]) == (True, RefusalKind.POLICY)


def test_a_server_that_promises_pipelining_and_forgets_what_came_early():
    def play(peer):
        def forget(peer):
            peer._received = b""
            return "250 ok"

        peer.serve(answers={"MAIL": forget}, offers=["PIPELINING"])

    with ScriptedServer(play) as server, channel_to(server) as channel:
        assert sort_of(send(channel, 1, seconds=SHORT)[0]) == PASSING
        assert server.received == []


def test_a_connection_lost_amid_the_content_is_surely_not_taken_over():
    def play(peer):
        def read_a_little(peer):
            peer.say("354 go on")
            peer.sock.recv(1000)
            return close

        peer.serve(answers={"DATA": read_a_little})

    big = an_email(1, html="x" * 20_000_000)
    with ScriptedServer(play) as server, channel_to(server) as channel:
        (fate,) = channel.send([big], timeout=timedelta(seconds=120))
        assert sort_of(fate) == PASSING
        assert "before the mail's end" in fate.detail
        assert server.received == []


def test_a_server_that_stops_reading_amid_the_content():
    def play(peer):
        def read_nothing(peer):
            peer.say("354 go on")
            return hang

        peer.serve(answers={"DATA": read_nothing})

    big = an_email(1, html="x" * 20_000_000)
    with ScriptedServer(play) as server, channel_to(server) as channel:
        (fate,) = channel.send([big], timeout=timedelta(seconds=2))
        assert sort_of(fate) == PASSING
        assert server.received == []


def test_letters_of_any_code_page_do_not_harm():
    kept = b"250 2.0.0 re\xe7u \xff\x00\x1b[31m \xc3\xa8 ok\r\n"
    with playing(END=kept) as server, channel_to(server) as channel:
        (fate,) = send(channel, 1)
        assert isinstance(fate, Accepted)
        assert fate.receipt.isprintable()
        assert fate.receipt.startswith("250 2.0.0 re")
        assert "è ok" in fate.receipt


def test_a_reply_of_many_lines_is_one_reply():
    answers = {"RCPT": "550-5.1.1 The account\r\n550-5.1.1 does not exist.\r\n550 5.1.1 See help"}
    with playing(**answers) as server, channel_to(server) as channel:
        (fate,) = send(channel, 1)
        assert sort_of(fate) == (True, RefusalKind.MAILBOX)
        assert fate.detail == "550 5.1.1 The account 5.1.1 does not exist. 5.1.1 See help"


@pytest.mark.parametrize(
    ("banner", "kind"),
    [
        ("554 5.7.1 your address is blocked", RefusalKind.POLICY),
        ("421 too busy", RefusalKind.OTHER),
    ],
)
def test_a_server_that_lets_nobody_in(banner, kind):
    with playing(BANNER=banner) as server, channel_to(server) as channel:
        first, second = send(channel, 1, 2)
        assert sort_of(first) == sort_of(second) == (False, kind)
        assert banner in first.detail
        assert server.connections == 1  # one knock a turn is enough


def test_nobody_listens():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        settings = SmtpSettings.from_url(f"smtp://127.0.0.1:{port}?tls=none")
        with contextlib.closing(SmtpChannel(settings)) as channel:
            fates = send(channel, *range(10))
    assert [sort_of(fate) for fate in fates] == [PASSING] * 10
    assert f"cannot connect to 127.0.0.1:{port}: Connection refused" in fates[0].detail


def test_a_name_that_does_not_exist():
    with contextlib.closing(
        SmtpChannel(SmtpSettings.from_url("smtp://no-such-host.invalid?tls=none"))
    ) as channel:
        (fate,) = send(channel, 1)
    assert sort_of(fate) == PASSING


def test_a_name_server_that_never_answers_holds_nobody_up(monkeypatch):
    # The one thing that no time-out of a socket bounds.
    answered = threading.Event()

    def getaddrinfo(*_args, **_kwargs):
        answered.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with contextlib.closing(SmtpChannel(SmtpSettings.from_url("smtp://mail.example"))) as channel:
        fates = send(channel, 1, 2, seconds=SHORT)
        answered.set()
        assert [sort_of(fate) for fate in fates] == [PASSING, PASSING]


def test_a_slow_server_loses_no_mail_to_the_clock():
    # Half of the time is kept for the answer, so that a mail begun is a mail answered.
    def slowly(peer):
        peer.server.stopping.wait(0.2)
        return "250 kept"

    def story(seconds):
        with playing(END=slowly) as server, channel_to(server) as channel:
            fates = send(channel, *range(200), seconds=seconds)
            accepted = [fate for fate in fates if isinstance(fate, Accepted)]
            assert 3 <= len(accepted) <= seconds / 2 / 0.2 + 1
            assert len(server.received) == len(accepted)
            assert all(sort_of(fate) == PASSING for fate in fates[len(accepted) :])
            assert "no time left" in fates[-1].detail

    with_time_enough(story, 1.4, 10.0, 40.0)


def test_a_connection_carries_its_number_of_mails():
    with playing() as server, channel_to(server, mails_per_connection=2) as channel:
        assert all(isinstance(fate, Accepted) for fate in send(channel, *range(5)))
        assert server.connections == 3
        assert server.words(1)[-1] == "QUIT"


def test_a_connection_that_was_idle_for_long_is_not_used_again(monkeypatch):
    with playing() as server, channel_to(server, idle_seconds=30) as channel:
        send(channel, 1)
        send(channel, 2)
        assert server.connections == 1
        real = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + 31)
        assert isinstance(send(channel, 3)[0], Accepted)
        assert server.connections == 2


def test_closing_takes_leave():
    with playing() as server, channel_to(server) as channel:
        send(channel, 1)
        channel.close()
        assert server.words(1)[-1] == "QUIT"


def test_a_server_that_does_not_say_goodbye_does_not_hold_up_closing():
    with playing(QUIT=hang) as server, channel_to(server) as channel:
        send(channel, 1)
        started = time.monotonic()
        channel.close()
        assert time.monotonic() - started < BUSY


def test_an_error_of_the_program_is_logged_and_costs_one_mail_at_most(monkeypatch, caplog):
    def broken(mail):
        raise RuntimeError("a bug")

    with playing() as server, channel_to(server) as channel:
        monkeypatch.setattr(channel_module, "lay_out", broken)
        first, second = send(channel, 1, 2)
        assert isinstance(first, Unknown)
        assert sort_of(second) == PASSING
        assert "RuntimeError" in second.detail
        assert "a bug" in caplog.text
        assert server.received == []
