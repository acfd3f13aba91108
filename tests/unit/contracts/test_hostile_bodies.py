"""Bodies that are no JSON, nest, lie or hold what no text may hold."""

import json
import time

import pytest

from ripresa.contracts.decoding import decode_collected, decode_event, decode_events
from ripresa.contracts.events import StoreEvent, decode_stored, encode_event
from ripresa.contracts.rejections import BadBody, Rejection
from tests.events import an_event, at_path, body_of
from tests.foreign import FOREIGN

GOOD = body_of(an_event())
NAUGHTY = FOREIGN / "hostile/naughty_strings/blns.json"


def spoilt(value: str) -> bytes:
    """An event whose first name is `value`, written in JSON as it stands."""
    return body_of(at_path(an_event(), "contact.first_name", "@")).replace(b'"@"', value.encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"5",
        b'"text"',
        b"true",
        b"{",
        b"[",
        b"[" + GOOD,
        b"[" + GOOD + b",]",
        b"[" + GOOD + b",,5]",
        GOOD + b"x",
        GOOD + GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        GOOD.replace(b"Ada", b"\xff\xfe"),
        GOOD.replace(b"Ada", b"\xed\xa0\x80"),
        GOOD.replace(b"Ada", b"\xc0\x80"),
        GOOD.replace(b'"Ada"', b"NaN"),
        GOOD.replace(b'"Ada"', b"Infinity"),
        GOOD.replace(b'"Ada"', b"'Ada'"),
        GOOD.replace(b'"Ada"', b"01"),
        GOOD.replace(b"Ada", b"A\nda"),
        GOOD.replace(b"Ada", b"A\x00da"),
        GOOD.replace(b"Ada", b"\\x41"),
        GOOD.replace(b"Ada", b"\\u12"),
        GOOD[:-1] + b',"extra":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
)
def test_a_body_that_is_no_strict_json_is_refused_as_a_whole(body):
    for decode in (decode_events, decode_collected):
        with pytest.raises(BadBody) as refusal:
            decode(body)
        assert refusal.value.code == "not_json"
    outcome = decode_event(body)
    assert isinstance(outcome, Rejection)
    assert outcome.code in {"not_json", "not_an_object"}


def test_a_list_holds_something():
    with pytest.raises(BadBody) as refusal:
        decode_events(b"[]")
    assert refusal.value.code == "no_events"


@pytest.mark.parametrize("element", [GOOD, b"5"])
def test_a_list_holds_no_more_than_a_thousand(element):
    with pytest.raises(BadBody) as refusal:
        decode_events(b"[" + b",".join([element] * 1001) + b"]")
    assert refusal.value.code == "too_many_events"


@pytest.mark.parametrize(
    "body",
    [
        b'{"sent_at":"soon","events":[]}',
        b'{"sent_at":5,"events":[]}',
        b'{"sent_at":"2026-10-03T15:02:11","events":[]}',
        b'{"sent_at":"0001-01-01T00:00:00Z","events":[]}',
        b'{"sent_at":"9999-01-01T00:00:00Z","events":[]}',
    ],
)
def test_a_clock_that_tells_no_time_is_refused(body):
    with pytest.raises(BadBody) as refusal:
        decode_collected(body)
    assert refusal.value.code == "not_an_instant"


@pytest.mark.parametrize(
    "text",
    [
        '"\\u0000"',
        '"a\\u0000b"',
        '"\\ud800"',
        '"\\uDFFF tail"',
        '"\\ud83dx"',
        '"\\udc00\\ud800"',
        '"\\ud800\\ud800\\udc00"',
    ],
)
def test_text_that_no_database_can_hold_is_refused_where_it_stands(text):
    outcomes = decode_events(b"[" + GOOD + b"," + spoilt(text) + b"," + GOOD + b"]")
    good = decode_events(GOOD)[0]
    assert outcomes[0] == outcomes[2] == good
    assert outcomes[1].field == "contact.first_name"
    assert outcomes[1].code == "bad_text"
    assert decode_event(spoilt(text)).code == "bad_text"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\\\ud800"', "\\ud800"),
        ('"\\\\\\\\u0000"', "\\\\u0000"),
        ('"\\u0001"', "\x01"),
    ],
)
def test_text_that_only_looks_like_it_comes_in(text, meant):
    outcome = decode_event(spoilt(text))
    assert isinstance(outcome, StoreEvent)
    assert outcome.contact is not None
    assert outcome.contact.first_name == meant
    assert decode_events(b"[5," + spoilt(text) + b"]")[1] == outcome


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 5000, "0.0000001", "1e-400"])
def test_numbers_beyond_measure_are_refused_where_they_stand(number):
    bad = GOOD.replace(b'"quantity": 2', b'"quantity": ' + number.encode())
    outcomes = decode_events(b"[" + GOOD + b"," + bad + b"]")
    assert isinstance(outcomes[0], StoreEvent)
    assert outcomes[1].field == "cart.items[0].quantity"
    assert outcomes[1].code == "not_a_quantity"


def test_of_a_name_that_stands_twice_the_later_value_counts():
    body = GOOD[:-1] + b',"id":"later"}'
    for outcome in (decode_events(body)[0], decode_events(b"[5," + body + b"]")[1]):
        assert isinstance(outcome, StoreEvent)
        assert outcome.id == "later"
        assert encode_event(outcome).count(b'"id":"') == 1


@pytest.mark.parametrize("field", ["title", "variant", "sku"])
def test_long_texts_cost_no_more_than_their_length(field):
    began = time.process_time()  # what else runs on the machine does not count
    for char in "a.-@+/\\ é":
        decode_event(body_of(at_path(an_event(), f"cart.items[0].{field}", char * 200)))
        decode_event(body_of(at_path(an_event(), "contact.email", char * 254)))
        decode_event(body_of(at_path(an_event(), "contact.email", "a@" + (char + "a") * 126)))
        decode_event(body_of(at_path(an_event(), "contact.phone", "+" + char * 49)))
        decode_event(body_of(at_path(an_event(), "contact.locale", ("a" + char) * 17)))
        decode_event(body_of(at_path(an_event(), "cart.items[0].url", "https://" + char * 1900)))
    assert time.process_time() - began < 5


@pytest.mark.foreign
def test_naughty_strings_come_in_unchanged_or_are_refused_where_they_stand():
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        for field in ("contact.first_name", "cart.items[0].title", "cart.token", "contact.email"):
            outcome = decode_event(body_of(at_path(an_event(), field, text)))
            if isinstance(outcome, Rejection):
                assert outcome.field == field or (field == "cart.token" and not text)
            else:
                assert decode_stored(encode_event(outcome)) == outcome
