"""Store events that keep the contract come in whole, in one agreed form."""

from datetime import UTC, datetime

import pytest

from ripresa.contracts.decoding import decode_collected, decode_event, decode_events
from ripresa.contracts.events import (
    ConsentState,
    EventType,
    StoreEvent,
    decode_stored,
    encode_event,
)
from ripresa.contracts.keys import cart_keys, order_keys, person_keys
from tests.events import CONTACT, ORDER, TYPES, an_event, at_path, body_of


def read(event: object) -> StoreEvent:
    outcome = decode_event(body_of(event))
    assert isinstance(outcome, StoreEvent), outcome
    return outcome


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_the_contract_is_read(kind):
    event = read(an_event(kind))
    assert event.type == kind


def test_every_field_of_the_contract_arrives():
    event = read(an_event("cart.updated", order=ORDER))
    assert event.occurred_at == datetime(2026, 10, 3, 15, 2, 11, tzinfo=UTC)
    assert event.contact is not None
    assert event.contact.address is not None
    assert event.contact.address.lines == ("Via Roma 1",)
    assert event.contact.consent is not None
    assert dict(event.contact.consent.items()) == {
        "email": ConsentState.GRANTED,
        "sms": ConsentState.DENIED,
        "letter": ConsentState.UNKNOWN,
    }
    assert event.cart is not None
    assert event.cart.items is not None
    assert event.cart.items[0].unit_price == "29.90"
    assert event.order is not None
    assert event.order.discount_codes == ("BACK10",)


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_written_is_read_back_equal(kind):
    event = read(an_event(kind))
    written = encode_event(event)
    assert decode_stored(written) == decode_stored(written.decode()) == event
    assert decode_events(written) == [event]


def test_writing_leaves_out_what_was_not_said():
    event = read({**an_event("cart.emptied"), "contact": None, "user_agent": ""})
    assert encode_event(event) == (
        b'{"id":"evt_1","type":"cart.emptied","occurred_at":"2026-10-03T15:02:11Z",'
        b'"visitor_id":"v_9f2c","cart":{"token":"cart_5"}}'
    )


def test_one_event_or_a_list_come_in_the_order_sent():
    assert [event.id for event in decode_events(body_of(an_event()))] == ["evt_1"]
    many = [an_event(number=number) for number in range(1000)]
    assert [event.id for event in decode_events(body_of(many))] == [
        f"evt_{number}" for number in range(1000)
    ]


@pytest.mark.parametrize(
    ("path", "said", "kept"),
    [
        ("contact.email", " Ada@Example.TEST ", "ada@example.test"),
        ("contact.email", "ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("contact.agent", "Bruno@Shop.test", "bruno@shop.test"),
        ("contact.phone", "+39 333 123-4567", "+393331234567"),
        ("contact.phone", "+44 (0)20 7946 0018", "+442079460018"),
        ("contact.address.country", "it", "IT"),
    ],
)
def test_values_take_one_agreed_form(path, said, kept):
    value = read(at_path(an_event(), path, said))
    for step in path.split("."):
        value = getattr(value, step)
    assert value == kept


@pytest.mark.parametrize(
    "said", ["2026-10-03T17:02:11+02:00", "2026-10-03T10:02:11-05:00", "2026-10-03t15:02:11z"]
)
def test_instants_become_utc(said):
    event = read(an_event(occurred_at=said, received_at=said))
    assert event.occurred_at == event.received_at == datetime(2026, 10, 3, 15, 2, 11, tzinfo=UTC)
    assert event.occurred_at.utcoffset() == event.received_at.utcoffset()
    assert encode_event(event).count(b"2026-10-03T15:02:11Z") == 2


def test_optional_texts_that_are_empty_are_absent():
    event = read(
        an_event(
            contact={**CONTACT, "phone": "", "agent": "", "consent_text": ""},
            cart={"token": "cart_5", "items": [{"sku": "", "title": "Vino", "quantity": 1}]},
            visitor_id="",
        )
    )
    assert event.contact is not None
    assert event.contact.phone is event.contact.agent is event.contact.consent_text is None
    assert event.cart is not None
    assert event.cart.items is not None
    assert event.cart.items[0].sku is None
    assert event.visitor_id is None


def test_fields_nobody_knows_are_ignored_whatever_they_hold():
    raw = body_of(an_event())[:-1] + b',"extra":{"deep":[1e400,"\\u0000","\\ud800"]}}'
    assert decode_events(raw) == [read(an_event())]


def test_an_empty_cart_may_be_said():
    event = read(an_event(cart={"token": "cart_5", "items": []}))
    assert event.cart is not None
    assert event.cart.items == ()


def test_nobody_outside_can_split_a_contact():
    assert read(an_event(split={"keys": ["email:a@b.test"]})).split is None


def test_the_split_that_ripresa_makes_is_stored_and_read_back():
    event = StoreEvent(
        id="s1", type=EventType.CONTACT_SPLIT, occurred_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert decode_stored(encode_event(event)) == event


class TestKeys:
    def test_of_a_person_and_a_cart(self):
        event = read(an_event())
        assert person_keys(event) == [
            "email:ada@example.test",
            "customer:c_77",
            "phone:+393331234567",
            "visitor:v_9f2c",
        ]
        assert cart_keys(event) == ["token:cart_5", "checkout:chk_5"]

    def test_of_an_order_are_sorted_and_unique(self):
        event = read(an_event("order.placed", cart={"token": "cart_5", "checkout_id": "chk_6"}))
        assert order_keys(event) == [
            "checkout:chk_5",
            "checkout:chk_6",
            "customer:c_77",
            "email:ada@example.test",
            "phone:+393331234567",
            "token:cart_5",
            "visitor:v_9f2c",
        ]

    def test_an_order_of_nobody_has_none(self):
        order = {"id": "o_1", "currency": "EUR", "total": "1"}
        assert (
            order_keys(read(an_event("order.placed", contact=None, visitor_id=None, order=order)))
            == []
        )


class TestCollected:
    def test_brings_the_browsers_clock_beside_the_list(self):
        body = body_of({"sent_at": "2026-10-03T17:02:20+02:00", "events": [an_event()]})
        sent_at, outcomes = decode_collected(body)
        assert sent_at == datetime(2026, 10, 3, 15, 2, 20, tzinfo=UTC)
        assert outcomes == [read(an_event())]

    @pytest.mark.parametrize("plain", [an_event(), [an_event()]])
    def test_may_be_plain_events(self, plain):
        assert decode_collected(body_of(plain)) == (None, [read(an_event())])

    def test_may_lack_the_clock(self):
        assert decode_collected(body_of({"events": an_event()})) == (None, [read(an_event())])

    def test_lets_the_neighbours_of_half_a_character_in(self):
        bad = body_of(an_event(number=2)).replace(b"Rossi", b"\\ud83d")
        body = b'{"events":[' + body_of(an_event()) + b"," + bad + b"]}"
        _, outcomes = decode_collected(body)
        assert outcomes[0] == read(an_event())
        assert outcomes[1].field == "contact.last_name"
