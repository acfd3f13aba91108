"""Letters by Pingen, against a server that speaks its protocol."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ripresa.channels.pingen.provider import PROVIDER
from ripresa.contracts.channel import Accepted, HasPrices, RefusalKind, Refused
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused, HookRequest
from ripresa.contracts.letters.abilities import CanRecall, HasWindow, Recall
from ripresa.contracts.provider import BadSettings
from ripresa.core.money import Money
from ripresa.domain.templates.letters.setting import set_letters
from tests.letters import ReadBack, paper, preset, sheet
from tests.outgoing import ADDRESS, a_letter
from tests.pingen_server import GIVEN, PingenServer
from tests.scripted_http import Said

LONG_ENOUGH = timedelta(minutes=1)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def pingen() -> Iterator[PingenServer]:
    with PingenServer() as server:
        yield server


def send(pingen, *letters, channel=None):
    opened = channel or pingen.open()
    fates = opened.send(list(letters), timeout=LONG_ENOUGH)
    if channel is None:
        opened.close()
    return fates


def test_a_letter_is_uploaded_read_and_sent(pingen):
    (fate,) = send(pingen, a_letter(1))
    assert fate == Accepted("letter-0")
    letter = pingen.letters["letter-0"]
    assert letter["status"] == "submitted"
    assert (letter["address_position"], letter["auto_send"]) == ("left", False)
    assert (letter["delivery_product"], letter["print_mode"], letter["print_spectrum"]) == (
        "cheap", "simplex", "grayscale",
    )  # fmt: skip
    assert pingen.files[letter["file_url"]] == a_letter(1).pdf


def test_one_token_serves_many_letters_and_is_renewed_when_it_is_taken_back(pingen):
    channel = pingen.open()
    send(pingen, *[a_letter(n) for n in range(6)], channel=channel)
    assert pingen.tokens == 1
    pingen.tokens = 41  # what we hold is no good any more
    fates = send(pingen, a_letter(7), channel=channel)
    assert isinstance(fates[0], Accepted)
    channel.close()


def test_asked_twice_it_is_sent_once(pingen):
    first = send(pingen, a_letter(1))
    again = send(pingen, a_letter(1))
    assert first == again
    assert len(pingen.letters) == 1
    assert pingen.asked["PATCH letters/send"] == 1


def test_another_address_in_the_window_is_never_sent(pingen):
    pingen.read_as = {"address": "Eva Bianchi\nVia Po 2\n10121 TORINO"}
    (fate,) = send(pingen, a_letter(1))
    assert isinstance(fate, Refused)
    assert fate.permanent
    assert "Eva Bianchi" in fate.detail
    assert pingen.letters["letter-0"]["status"] == "deleted"


def test_the_same_address_laid_out_otherwise_is_the_same(pingen):
    letter = a_letter(1)
    pingen.read_as = {"address": "\n".join(letter.address_lines).upper() + "\n"}
    assert isinstance(send(pingen, letter)[0], Accepted)


@pytest.mark.parametrize("status", ["invalid", "action_required", "unprintable"])
def test_what_it_cannot_print_is_refused_for_good(pingen, status):
    pingen.read_as = {"status": status}
    (fate,) = send(pingen, a_letter(1))
    assert isinstance(fate, Refused)
    assert fate.permanent


def test_a_letter_that_is_still_being_read_is_asked_for_again_and_then_sent(pingen):
    pingen.looks = 10_000
    channel = pingen.open()
    (fate,) = channel.send([a_letter(1)], timeout=timedelta(seconds=4))
    assert isinstance(fate, Refused)
    assert not fate.permanent
    pingen.letters["letter-0"]["looks"] = 0
    assert send(pingen, a_letter(1), channel=channel) == [Accepted("letter-0")]
    channel.close()


@pytest.mark.parametrize(
    ("call", "said", "kind", "permanent"),
    [
        ("POST letters", Said(422, {"errors": [{"detail": "file_size"}]}), RefusalKind.OTHER, True),
        ("POST letters", Said(402, {"errors": []}), RefusalKind.CREDIT, False),
        ("POST letters", Said(403, {"errors": []}), RefusalKind.POLICY, False),
        ("POST letters", Said(404, {"errors": []}), RefusalKind.POLICY, False),
        ("POST letters", Said(429, "slow down"), RefusalKind.OTHER, False),
        ("POST letters", Said(503, "<html>"), RefusalKind.OTHER, False),
        ("POST letters", Said(201, "no json"), RefusalKind.OTHER, False),
        ("POST auth", Said(401, {"error": "invalid_client"}), RefusalKind.POLICY, False),
        ("POST auth", Said(500, ""), RefusalKind.OTHER, False),
        ("PUT files", Said(500, ""), RefusalKind.OTHER, False),
        ("PATCH letters/send", Said(409, {"errors": []}), RefusalKind.OTHER, False),
    ],
)
def test_what_each_refusal_means(pingen, call, said, kind, permanent):
    pingen.refuses = {call: said}
    (fate,) = send(pingen, a_letter(1))
    assert isinstance(fate, Refused)
    assert (fate.kind, fate.permanent) == (kind, permanent)


def test_what_is_too_large_is_not_even_uploaded(pingen):
    to_holland = replace(ADDRESS, country="NL")
    fates = send(
        pingen, a_letter(1, pdf=b"x" * 9_000_000), a_letter(2, pages=15, recipient=to_holland)
    )
    assert all(isinstance(fate, Refused) and fate.permanent for fate in fates)
    assert not pingen.files


def test_the_calculator_is_asked_once_for_each_kind_of_letter(pingen):
    channel = pingen.open()
    assert isinstance(channel, HasPrices)
    letters = [a_letter(n, pages=1 + n % 2) for n in range(10)]
    prices = channel.prices(letters, timeout=LONG_ENOUGH)
    assert prices[:2] == [Money(100, "CHF"), Money(110, "CHF")]
    assert pingen.asked["POST letters/price-calculator"] == 2
    pingen.refuses = {"POST letters/price-calculator": Said(500)}
    assert channel.prices([a_letter(1, pages=9)], timeout=LONG_ENOUGH) == [None]
    channel.close()


def test_a_letter_is_taken_back_as_long_as_it_is_not_printed(pingen):
    channel = pingen.open()
    assert isinstance(channel, CanRecall)
    send(pingen, a_letter(1), a_letter(2), channel=channel)
    pingen.letters["letter-1"]["status"] = "printing"
    assert channel.recall("letter-0", timeout=LONG_ENOUGH) is Recall.CANCELLED
    assert channel.recall("letter-1", timeout=LONG_ENOUGH) is Recall.TOO_LATE
    pingen.refuses = {"PATCH letters/cancel": Said(503)}
    assert channel.recall("letter-0", timeout=LONG_ENOUGH) is Recall.UNCLEAR
    channel.close()


def test_its_window_keeps_the_franking_white(pingen):
    channel = pingen.open()
    assert isinstance(channel, HasWindow)
    (printed,) = set_letters([sheet(preset())], paper(channel.window))
    read = ReadBack(printed.pdf)
    (white,) = channel.window.keep_out
    assert not [box for box in read.inked() if box.meets(white)]
    assert read.within(channel.window.address) == ["Ben Rossi", "Via Roma 1", "00184 ROMA RM"]
    assert not [box for box in read.inked() if box.left < 12]
    channel.close()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"address_position": "top"}, "address_position"),
        ({"address_position": "right"}, "address_area"),
        ({"address_area": "1,2,3"}, "address_area"),
        ({"address_area": "22,60,8,25"}, "address_area"),
        ({"keep_out": "20,60,89,20"}, "keep_out"),
        ({"print_mode": "both"}, "print_mode"),
        ({"print_spectrum": "grey"}, "print_spectrum"),
    ],
)
def test_a_wrong_setting_is_named(changes, named):
    with pytest.raises(BadSettings, match=named):
        PROVIDER.open(PROVIDER.complete({**GIVEN, **changes}))


def call(kind, attributes=None, code="", secret="s3cret", signature=None):
    included = [{"type": "letters_events", "id": "e", "attributes": {"code": code}}] if code else []
    relationships = {"letter": {"data": {"type": "letters", "id": "letter-0"}}}
    data = {
        "type": kind,
        "id": "w1",
        "attributes": attributes or {},
        "relationships": relationships,
    }
    body = json.dumps({"data": data, "included": included}).encode()
    signed = signature or hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return HookRequest("POST", "https://x.test/hooks", {"signature": signed}, body, NOON)


def reader(secret="s3cret"):
    assert PROVIDER.reader is not None
    return PROVIDER.reader(PROVIDER.complete({**GIVEN, "webhook_secret": secret}))


@pytest.mark.parametrize(
    ("kind", "code", "wanted"),
    [
        ("webhook_sent", "", (FeedbackKind.DELIVERED, None, False)),
        ("webhook_delivered", "", (FeedbackKind.DELIVERED, None, False)),
        ("webhook_undeliverable", "", (FeedbackKind.BOUNCED, BounceReason.UNKNOWN, True)),
        ("webhook_issues", "file_not_a4_portrait", (FeedbackKind.BOUNCED, BounceReason.CONTENT, True)),
        ("webhook_issues", "content_failed_inspection", (FeedbackKind.BOUNCED, BounceReason.CONTENT, True)),
        ("webhook_issues", "waiting_for_funds", (FeedbackKind.DELAYED, None, False)),
        ("webhook_issues", "cancellation_completed", (FeedbackKind.CANCELLED, None, False)),
        ("webhook_issues", "something_new", (FeedbackKind.OTHER, None, False)),
        ("webhook_new", "", (FeedbackKind.OTHER, None, False)),
    ],
)  # fmt: skip
def test_what_it_tells_in_our_words(kind, code, wanted):
    (told,) = reader().read(call(kind, {"created_at": "2026-11-20T08:00:00+00:00"}, code))
    assert (told.kind, told.reason, told.is_permanent) == wanted
    assert (told.receipt, told.event_id, told.occurred_at.day) == ("letter-0", "w1", 20)


def test_where_somebody_has_moved_to_is_kept():
    moved = {"reason": "moved", "corrected_address": {"name": "Ada", "street": "Via Po", "number": "2", "zip": "10121", "city": "Torino"}}  # fmt: skip
    (told,) = reader().read(call("webhook_undeliverable", moved))
    assert told.detail == "moved; moved to: Ada Via Po 2 10121 Torino"


@pytest.mark.parametrize("wrong", ["00" * 32, "", "no hex", "ü"])
def test_a_call_with_another_signature_is_not_believed(wrong):
    request = call("webhook_undeliverable")
    with pytest.raises(HookRefused):
        reader().read(replace(request, headers={"signature": wrong}))


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(HookRefused):
        reader("").read(call("webhook_sent", secret=""))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data": {"type": "webhook_sent"}}', b"\xff"]
)
def test_a_signed_call_that_makes_no_sense_is_refused(body):
    signed = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    with pytest.raises(HookRefused):
        reader().read(HookRequest("POST", "https://x.test", {"signature": signed}, body, NOON))
