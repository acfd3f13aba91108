"""Reading a body at once and reading it event by event give the same answer, whatever it holds."""

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts import decoding
from ripresa.contracts.events import StoreEvent, decode_stored, encode_event
from ripresa.contracts.rejections import BadBody
from tests.events import CART, CONTACT, ORDER, REFUND, TYPES, an_event

FULL = {"contact": CONTACT, "cart": CART, "order": ORDER, "refund": REFUND}

texts = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\x00\ud800\udfff\n\u202e"), max_size=12
)
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.sampled_from(
        [
            "",
            "granted",
            "EUR",
            "12.50",
            "1e5",
            "null",
            "+393331234567",
            "a@b.test",
            "it",
            "2026-01-01T00:00:00Z",
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def events(draw):
    """A valid event, most of the time with some places changed, emptied or taken out."""
    event = an_event(draw(st.sampled_from(TYPES)), **copy.deepcopy(FULL))
    event["id"] = draw(st.sampled_from(["a", "b", "c"]) | texts)
    for _ in range(draw(st.integers(0, 3))):
        place = event
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(st.booleans()):
                place = place[key]
                continue
            if draw(st.booleans()):
                place[key] = draw(junk)
            elif isinstance(place, dict):
                del place[key]
            break
    return event


def answer_of(decode, body):
    try:
        return decode(body)
    except BadBody as refusal:
        return refusal.code


bodies = st.tuples(st.lists(events() | junk, max_size=5) | events() | junk, st.booleans()).map(
    lambda made: json.dumps(made[0], ensure_ascii=made[1]).encode("utf-8", "replace")
)


@given(bodies)
def test_fast_and_slow_give_the_same_answer(body):
    assert answer_of(decoding.decode_events, body) == answer_of(decoding._decode_slowly, body)


@given(st.lists(events(), min_size=1, max_size=4))
def test_an_event_fares_in_company_as_it_fares_alone(made):
    together = decoding.decode_events(json.dumps(made).encode())
    for index, (outcome, event) in enumerate(zip(together, made, strict=True)):
        alone = decoding.decode_event(json.dumps(event).encode())
        if isinstance(alone, StoreEvent):
            assert outcome == alone
        else:
            assert (outcome.index, outcome.field, outcome.code) == (index, alone.field, alone.code)


@given(events())
def test_what_came_in_comes_in_again_unchanged(made):
    outcome = decoding.decode_event(json.dumps(made).encode())
    if isinstance(outcome, StoreEvent):
        written = encode_event(outcome)
        assert decode_stored(written) == outcome
        assert decoding.decode_event(written) == outcome


@given(st.binary(max_size=60) | bodies)
def test_no_bytes_whatever_raise_anything_else(body):
    answer_of(decoding.decode_events, body)
    answer_of(decoding.decode_collected, body)
    decoding.decode_event(body)
