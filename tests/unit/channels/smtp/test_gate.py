"""Rates, and that one receiving domain does not hold up the others."""

import time
from datetime import timedelta

import pytest

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.calling.gate import REST_SECONDS, SLOW_SECONDS, Gate, domain_of
from ripresa.contracts.channel import Accepted, Mailbox, Refused
from tests.mails import an_email
from tests.smtp_sink import SinkServer


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def gate(hands=None, **settings) -> Gate:
    return Gate(SmtpSettings("mail.example", 25, **settings).limits, hands or Hands())


def test_no_domain_gets_all_connections():
    it = gate(connections=4)
    assert [it.enter("slow.it") for _ in range(3)] == [0.0] * 3
    assert it.enter("slow.it") > 0
    assert it.enter("quick.it") == 0.0
    it.leave("slow.it", 0.1)
    assert it.enter("slow.it") == 0.0


def test_a_single_connection_is_for_whoever_comes():
    it = gate(connections=1)
    assert it.enter("a.it") == 0.0
    assert it.enter("a.it") > 0


def test_how_many_a_domain_gets_can_be_set():
    it = gate(connections=8, domain_connections=2)
    assert [it.enter("a.it") for _ in range(2)] == [0.0] * 2
    assert it.enter("a.it") > 0


@pytest.mark.parametrize(("setting", "other"), [("rate", False), ("domain_rate", True)])
def test_mails_begin_evenly_spread(setting, other):
    hands = Hands()
    it = gate(hands, connections=64, **{setting: 10})
    assert it.enter("a.it") == 0.0
    assert it.enter("a.it") == pytest.approx(0.1)
    assert (it.enter("b.it") == 0.0) is other, "another domain has a rate of its own"
    hands.now += 0.05
    assert it.enter("a.it") == pytest.approx(0.05)
    hands.now += 0.051
    assert it.enter("a.it") == 0.0


def test_a_domain_that_is_slow_while_others_are_quick_rests():
    hands = Hands()
    it = gate(hands, connections=4)
    for domain, seconds in (("quick.it", 0.1), ("slow.it", SLOW_SECONDS + 1)):
        it.enter(domain)
        it.leave(domain, seconds)
    assert it.rests("slow.it")
    assert not it.rests("quick.it")
    hands.now += REST_SECONDS + 1
    assert not it.rests("slow.it")


def test_a_slow_mail_server_is_no_reason_to_let_anybody_rest():
    it = gate(connections=4)
    for domain in ("a.it", "b.it"):
        it.enter(domain)
        it.leave(domain, SLOW_SECONDS + 1)
    assert not it.rests("a.it")
    assert not it.rests("b.it")


def test_a_crowd_of_domains_is_forgotten_but_not_those_on_the_wire():
    hands = Hands()
    it = gate(hands, connections=2)
    it.enter("busy.it")
    for number in range(20_001):
        it.enter(f"d{number}.it")
        it.leave(f"d{number}.it", 0.1)
    assert len(it._domains) <= 10_001
    assert it.enter("busy.it") > 0


def test_the_domain_of_an_address():
    assert domain_of("Ben@People.Example") == "people.example"


def send(url: str, mails, seconds: float = 10.0):
    channel = SmtpChannel(SmtpSettings.from_url(url))
    try:
        return channel, channel.send(mails, timeout=timedelta(seconds=seconds))
    finally:
        channel.close()


def test_mails_of_one_domain_all_arrive_by_fewer_connections():
    with SinkServer() as sink:
        _, fates = send(f"{sink.url}&connections=3", [an_email(n) for n in range(40)])
    assert all(isinstance(fate, Accepted) for fate in fates)


def test_a_rate_is_kept():
    with SinkServer() as sink:
        began = time.monotonic()
        _, fates = send(f"{sink.url}&connections=4&rate=20", [an_email(n) for n in range(11)])
        took = time.monotonic() - began
    assert all(isinstance(fate, Accepted) for fate in fates)
    assert took >= 0.5


def test_what_a_rate_leaves_no_time_for_is_tried_later():
    with SinkServer() as sink:
        _, fates = send(f"{sink.url}&rate=2", [an_email(n) for n in range(30)], seconds=2.0)
    later = [fate for fate in fates if isinstance(fate, Refused)]
    assert len(later) >= 20
    assert not any(fate.permanent for fate in later)


def test_mails_of_a_domain_that_rests_are_tried_later_and_the_others_go():
    mails = [
        an_email(n, recipient=Mailbox("", f"ben@{'slow' if n % 2 else 'quick'}.example"))
        for n in range(10)
    ]
    with SinkServer() as sink:
        channel = SmtpChannel(SmtpSettings.from_url(sink.url))
        for domain, seconds in (("quick.example", 0.1), ("slow.example", SLOW_SECONDS + 1)):
            channel._gate.enter(domain)
            channel._gate.leave(domain, seconds)
        fates = channel.send(mails, timeout=timedelta(seconds=10))
        channel.close()
    assert [isinstance(fate, Accepted) for fate in fates] == [n % 2 == 0 for n in range(10)]
    assert all("slowly" in fate.detail for fate in fates if isinstance(fate, Refused))
