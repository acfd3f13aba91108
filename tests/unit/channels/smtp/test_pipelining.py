"""The next mail is named before this one is answered (RFC 2920), and no fate is less true for it."""

import contextlib
import random
import time
from datetime import timedelta

import pytest

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Accepted, Refused, Unknown
from tests.mails import an_email
from tests.patience import with_time_enough
from tests.scripted_smtp import Peer, PeerGone, ScriptedServer, close, hang, in_turn, then_close

OFFERS = ["PIPELINING", "SIZE 10000000"]


@contextlib.contextmanager
def channel_to(server: ScriptedServer, **choices: int):
    more = "".join(f"&{name}={value}" for name, value in {"connections": 1, **choices}.items())
    with contextlib.closing(SmtpChannel(SmtpSettings.from_url(f"{server.url}{more}"))) as channel:
        yield channel


def send(channel: SmtpChannel, count: int, seconds: float = 60.0):
    return channel.send([an_email(n) for n in range(count)], timeout=timedelta(seconds=seconds))


def playing(**answers):
    return ScriptedServer(lambda peer: peer.serve(answers=answers, offers=OFFERS))


def patient(peer: Peer) -> str:
    """Keeps the answer to a mail back until the next mail is named."""
    deadline = time.monotonic() + 30
    while b"DATA\r\n" not in peer._received:
        if time.monotonic() > deadline:
            raise PeerGone
        peer._received += peer.sock.recv(65_536)
    return "250 2.0.0 kept"


def words(server: ScriptedServer, connection: int) -> list[str]:
    return [word for number, word in server.heard if number == connection]


def test_the_next_mail_is_named_before_this_one_is_answered():
    with (
        playing(END=in_turn(patient, patient, "250 last")) as server,
        channel_to(server) as channel,
    ):
        fates = send(channel, 3)
    assert all(isinstance(fate, Accepted) for fate in fates)
    assert len(server.received) == 3
    assert words(server, 1).count("EHLO") == 1


def test_who_offers_no_pipelining_is_asked_step_by_step():
    def play(peer: Peer) -> None:
        peer.serve(answers={"END": lambda it: "554 too early" if it._received else "250 kept"})

    with ScriptedServer(play) as server, channel_to(server) as channel:
        assert all(isinstance(fate, Accepted) for fate in send(channel, 4))


def test_a_connection_lost_before_the_answer_leaves_one_unknown_and_the_named_one_waits():
    with playing(END=close) as server, channel_to(server) as channel:
        first, second = send(channel, 2)
    assert isinstance(first, Unknown)
    assert isinstance(second, Refused)
    assert not second.permanent
    assert len(server.received) == 1


def test_a_connection_lost_after_the_answer_loses_nothing():
    def play(peer: Peer) -> None:
        peer.serve(
            answers={"MAIL": in_turn("250 ok", close) if peer.number == 1 else "250 ok"},
            offers=OFFERS,
        )

    with ScriptedServer(play) as server, channel_to(server) as channel:
        assert all(isinstance(fate, Accepted) for fate in send(channel, 3))
    assert sorted(server.message_ids()) == [f"m{n}@mail.enoteca.example" for n in range(3)]


@pytest.mark.parametrize("reply", ["554 5.6.0 no", "452 4.3.1 later"])
def test_content_that_is_refused_does_not_disturb_the_named_one(reply):
    with playing(END=in_turn(reply, "250 ok", "250 ok")) as server, channel_to(server) as channel:
        first, *others = send(channel, 3)
    assert isinstance(first, Refused)
    assert all(isinstance(fate, Accepted) for fate in others)
    assert "RSET" not in words(server, 1)
    assert len({number for number, _ in server.heard}) == 1


def test_a_server_that_shuts_down_is_left_and_the_named_one_goes_by_another_connection():
    def play(peer: Peer) -> None:
        peer.serve(
            answers={"END": "421 4.3.2 going down" if peer.number == 1 else "250 ok"}, offers=OFFERS
        )

    with ScriptedServer(play) as server, channel_to(server) as channel:
        _, second = send(channel, 2)
        assert isinstance(second, Refused | Accepted)
        assert len(server.message_ids()) == len(set(server.message_ids()))


def test_a_named_recipient_that_is_refused_costs_the_others_nothing():
    answers = {
        "RCPT": in_turn("250 ok", "550 5.1.1 no such user", "250 ok"),
        "DATA": in_turn("354 go", "503 5.5.1 no recipient", "354 go"),
    }
    with playing(**answers) as server, channel_to(server) as channel:
        first, second, third = send(channel, 3)
    assert isinstance(first, Accepted)
    assert isinstance(second, Refused)
    assert second.permanent
    assert isinstance(third, Accepted)
    assert len(server.received) == 2


def test_a_server_that_refuses_the_recipient_and_asks_for_content_gets_none():
    answers = {"RCPT": in_turn("250 ok", "550 5.1.1 no such user", "250 ok")}
    with playing(**answers) as server, channel_to(server) as channel:
        fates = send(channel, 3)
    assert [type(fate) for fate in fates] == [Accepted, Refused, Accepted]
    assert len(server.received) == 2


def test_time_that_runs_out_leaves_the_named_one_surely_not_sent():
    def story(seconds):
        with playing(END=hang) as server, channel_to(server) as channel:
            first, second, third = send(channel, 3, seconds=seconds)
        assert isinstance(first, Unknown)
        assert isinstance(second, Refused)
        assert isinstance(third, Refused)
        assert len(server.received) == 1

    with_time_enough(story, 0.4, 5.0, 20.0)


def test_no_more_mails_are_named_than_a_connection_may_carry():
    with playing() as server, channel_to(server, mails_per_connection=2) as channel:
        assert all(isinstance(fate, Accepted) for fate in send(channel, 5))
    assert [words(server, n).count("MAIL") for n in (1, 2, 3)] == [2, 2, 1]


def test_a_mail_that_cannot_be_is_passed_over():
    mails = [an_email(0), an_email(1, message_id="bad id"), an_email(2)]
    with playing() as server, channel_to(server) as channel:
        fates = channel.send(mails, timeout=timedelta(seconds=60))
    assert [type(fate) for fate in fates] == [Accepted, Refused, Accepted]
    assert len(server.received) == 2


class Moody:
    """A server whose answers are drawn: good, a refusal of either kind, a shut-down, a line gone dead."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.refused: list[str] = []  # mails whose content came and was not kept

    def play(self, peer: Peer) -> None:
        drawn = {word: lambda _, good=good: self.draw(good) for word, good in _GOOD.items()}
        peer.serve(answers=drawn | {"END": self.end}, offers=OFFERS)

    def draw(self, good: str):
        moods = [good, "450 later", "550 never", close, then_close("421 down")]
        return self.chance.choices(moods, weights=[90, 4, 4, 1, 1])[0]

    def end(self, peer: Peer):
        said = self.draw("250 kept")
        if said != "250 kept":
            self.refused.append(peer.server.message_ids()[-1])
        return said


_GOOD = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go"}


@pytest.mark.parametrize("seed", range(25))
def test_whatever_a_server_does_no_mail_goes_twice_and_no_fate_is_a_lie(seed):
    moody = Moody(seed)
    with ScriptedServer(moody.play) as server, channel_to(server, connections=3) as channel:
        fates = send(channel, 30)
    assert server.doubled() == []
    received = set(server.message_ids())
    kinds = {f"m{number}@mail.enoteca.example": type(fate) for number, fate in enumerate(fates)}
    assert {name for name, kind in kinds.items() if kind is Accepted} <= received
    assert {name for name, kind in kinds.items() if kind is Refused} & received <= set(
        moody.refused
    )
