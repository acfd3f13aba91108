"""A public key stands in the shop's pages: nobody can use it to write to a victim in words of his own."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ripresa.contracts.decoding import decode_event, decode_events
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.rejections import Invalid
from ripresa.core.signed_ids import SignedIds
from ripresa.intake.access import Access
from ripresa.intake.answers import Refused
from ripresa.intake.rows import Visit, from_shop, from_storefront
from ripresa.intake.storefront import caps as limits
from ripresa.intake.storefront.caps import StorefrontCaps, network_of
from ripresa.intake.storefront.rules import check_storefront, without_skew
from tests.events import CONTACT, ORDER, REFUND, an_event, at_path, body_of, without

HOSTS = frozenset({"shop.test", "cdn.shop.test", "127.0.0.1:8010"})
NOW = datetime(2026, 10, 3, 15, 2, 20, tzinfo=UTC)
PUBLIC = Access(1, UUID(int=1), True, "shop/storefront", 100, HOSTS, True)
SECRET = Access(1, UUID(int=2), False, "shop", 100, HOSTS, True)
VISIT = Visit(sent_at=None, ip="192.0.2.1", user_agent="Browser/1", at=0.0, speed=1.0)


def read(event: object) -> StoreEvent:
    outcome = decode_event(body_of(event))
    assert isinstance(outcome, StoreEvent), outcome
    return outcome


def from_page(kind: str = "cart.updated", number: int = 1, **changes) -> dict:
    event = an_event(kind, number, **changes)
    return without(event, "contact.agent") if event.get("contact", {}).get("agent") else event


def refusal_of(event: dict) -> tuple[str, str]:
    with pytest.raises(Invalid) as wrong:
        check_storefront(read(event), HOSTS)
    return wrong.value.field, wrong.value.code.value


@pytest.mark.parametrize(
    "kind",
    [
        "cart.updated",
        "cart.emptied",
        "cart.viewed",
        "checkout.started",
        "checkout.left",
        "contact.identified",
    ],
)
def test_what_happens_in_a_page_may_be_said(kind):
    check_storefront(read(from_page(kind)), HOSTS)


@pytest.mark.parametrize(
    "kind", ["order.placed", "order.cancelled", "order.refunded", "consent.changed"]
)
def test_what_the_shop_alone_knows_may_not(kind):
    assert refusal_of(from_page(kind)) == ("type", "forbidden_type")


@pytest.mark.parametrize(("block", "value"), [("order", ORDER), ("refund", REFUND)])
def test_an_order_may_not_hide_in_another_event(block, value):
    assert refusal_of(from_page(**{block: value})) == (block, "forbidden_field")


def test_an_agent_may_not_be_named():
    assert refusal_of(an_event("contact.identified")) == ("contact.agent", "forbidden_field")


def test_the_cart_that_was_restored_is_named_by_our_link_and_never_by_a_token_somebody_guessed():
    cart = {**from_page()["cart"], "restored_from": "cart_5"}
    assert refusal_of(from_page(cart=cart)) == ("cart.restored_from", "forbidden_field")
    cart["restored_from"] = SignedIds("a secret", "a purpose").sign(1, UUID(int=5))
    check_storefront(read(from_page(cart=cart)), HOSTS)


class TestConsent:
    def test_of_the_one_who_typed_the_address_is_heard(self):
        check_storefront(read(from_page("contact.identified")), HOSTS)

    def test_without_a_browser_it_is_not(self):
        event = from_page("contact.identified", visitor_id=None, cart={"token": "t"})
        assert refusal_of(event) == ("contact.consent", "forbidden_field")

    def test_of_a_customer_known_by_number_alone_it_is_not(self):
        contact = {"customer_id": "c_1", "consent": {"email": "granted"}}
        event = from_page("contact.identified", contact=contact)
        assert refusal_of(event) == ("contact.consent", "forbidden_field")


@pytest.mark.parametrize(
    "field", ["cart.items[0].url", "cart.items[0].image_url", "cart.restore_url"]
)
class TestUrls:
    @pytest.mark.parametrize(
        "url",
        [
            "https://shop.test/x",
            "http://SHOP.test",
            "https://shop.test:8443/a?b#c",
            "https://cdn.shop.test/i.jpg",
            "http://127.0.0.1:8010/vino",
        ],
    )
    def test_to_the_shops_own_hosts_may_be_said(self, field, url):
        check_storefront(read(at_path(from_page(), field, url)), HOSTS)

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.test/",
            "https://shop.test.evil.test/",
            "https://evilshop.test/",
            "https://shop.test./",
            "http://127.0.0.1:8011/",
            "http://127.0.0.1/",
        ],
    )
    def test_elsewhere_may_not(self, field, url):
        assert refusal_of(at_path(from_page(), field, url)) == (field, "foreign_url")


@pytest.mark.parametrize(
    "field",
    [
        "cart.items[0].title",
        "cart.items[0].variant",
        "cart.items[0].sku",
        "cart.items[0].product_id",
        "cart.items[0].categories[0]",
        "contact.first_name",
        "contact.last_name",
        "contact.address.name",
        "contact.address.lines[0]",
        "contact.address.postal_code",
        "contact.address.city",
        "contact.address.region",
    ],
)
def test_words_that_a_mail_may_show_hold_no_links(field):
    assert refusal_of(at_path(from_page(), field, "Win at evil.com")) == (field, "link_in_text")


def test_a_shop_without_hosts_lets_no_link_in():
    with pytest.raises(Invalid):
        check_storefront(read(from_page()), frozenset())


class TestCaps:
    def count(self, events, *, ip="192.0.2.1", shop_id=1):
        passed, codes = 0, set()
        for event in events:
            try:
                self.caps.check(event, shop_id, ip, 0.0)
            except Invalid as wrong:
                codes.add(wrong.code)
            else:
                passed += 1
        assert codes <= {"too_many"}
        return passed

    def setup_method(self):
        self.caps = StorefrontCaps()

    def identified(self, number, *, email=None, visitor="v_1"):
        contact = {"email": email or f"a{number}@people.test"}
        return read(an_event("contact.identified", number, contact=contact, visitor_id=visitor))

    def test_addresses_of_a_visitor(self):
        assert self.count(self.identified(n) for n in range(20)) == 5

    def test_addresses_of_a_network(self):
        events = [self.identified(n, visitor=f"v_{n}") for n in range(100)]
        assert self.count(events) == limits.ADDRESSES_PER_IP_AND_HOUR == 30
        assert self.count(events, ip="192.0.2.2") == 30
        assert self.count(events, shop_id=2) == 30

    def test_addresses_of_an_ipv6_customer(self):
        events = [self.identified(n, visitor=f"v_{n}") for n in range(100)]
        passed = sum(self.count([event], ip=f"2001:db8::{n:x}") for n, event in enumerate(events))
        assert passed == 30

    def test_events_of_an_address(self):
        events = [
            self.identified(n, email="victim@people.test", visitor=f"v_{n}") for n in range(100)
        ]
        passed = sum(self.count([event], ip=f"192.0.2.{n}") for n, event in enumerate(events))
        assert passed == limits.EVENTS_PER_ADDRESS_AND_HOUR == 60

    def test_a_phone_is_an_address_too(self):
        events = [
            read(an_event("contact.identified", n, contact={"phone": f"+3933312345{n:02}"}))
            for n in range(20)
        ]
        assert self.count(events) == 5

    def test_events_of_a_network_without_any_address(self, monkeypatch):
        monkeypatch.setattr(limits, "EVENTS_PER_IP_AND_HOUR", 7)
        self.caps = StorefrontCaps()
        assert self.count(read(an_event("cart.viewed", n)) for n in range(20)) == 7

    def test_the_same_person_goes_on_shopping(self):
        assert self.count(self.identified(n, email="a@people.test") for n in range(60)) == 60


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("::::", "::::"),
    ],
)
def test_network_of(ip, network):
    assert network_of(ip) == network


class TestSkew:
    def at(self, occurred_at, sent_at, speed=1.0):
        event = read(an_event(occurred_at=occurred_at))
        sent = datetime.fromisoformat(sent_at) if sent_at else None
        return without_skew(
            event, sent_at=sent, received_at=NOW, speed=speed, user_agent=None
        ).occurred_at

    def test_a_clock_that_is_right_changes_nothing_but_the_way(self):
        assert self.at("2026-10-03T15:02:11Z", "2026-10-03T15:02:20+00:00") == NOW - timedelta(
            seconds=9
        )

    @pytest.mark.parametrize("sent_at", ["2026-10-03T18:02:20+00:00", "2031-01-01T00:00:09+00:00"])
    def test_a_clock_that_is_ahead_is_set_back(self, sent_at):
        nine_seconds_before = datetime.fromisoformat(sent_at) - timedelta(seconds=9)
        assert self.at(nine_seconds_before.isoformat(), sent_at) == NOW - timedelta(seconds=9)

    def test_a_clock_that_is_behind_is_set_forward(self):
        assert self.at("1980-01-01T00:00:00Z", "1980-01-01T00:00:09+00:00") == NOW - timedelta(
            seconds=9
        )

    @pytest.mark.parametrize("day", ["2026-10-03", "2031-01-01"])
    def test_a_second_of_the_browser_is_as_many_on_a_faster_clock(self, day):
        assert self.at(f"{day}T15:02:11Z", f"{day}T15:02:20+00:00", speed=300) == NOW - timedelta(
            minutes=45
        )

    def test_what_is_too_long_ago_on_a_faster_clock_is_refused(self):
        with pytest.raises(Invalid):
            self.at("1971-01-01T00:00:00Z", "2026-10-03T00:00:00+00:00", speed=20_000)

    def test_nothing_happens_later_than_it_is_received(self):
        assert self.at("2026-10-03T16:00:00Z", "2026-10-03T15:00:00+00:00") == NOW
        assert self.at("2099-01-01T00:00:00Z", None) == NOW

    def test_an_instant_before_all_shops_is_refused(self):
        with pytest.raises(Invalid):
            self.at("1971-01-01T00:00:00Z", "2100-01-01T00:00:00+00:00")

    def test_the_browser_is_named_unless_it_named_itself(self):
        event = read(an_event())
        seen = without_skew(event, sent_at=None, received_at=NOW, speed=1.0, user_agent="x" * 2000)
        assert seen.user_agent == "x" * 1000
        said = without_skew(
            read(an_event(user_agent="Own/1")),
            sent_at=None,
            received_at=NOW,
            speed=1.0,
            user_agent="Seen/1",
        )
        assert said.user_agent == "Own/1"


class TestRows:
    def rows(self, events):
        outcomes = decode_events(body_of(events))
        return from_storefront(outcomes, PUBLIC, NOW, visit=VISIT, caps=StorefrontCaps())

    def test_of_a_page_are_not_trusted_and_have_a_source_of_their_own(self):
        (row,) = self.rows(from_page()).rows
        assert (row.shop_id, row.source, row.trusted) == (1, "shop/storefront", False)
        assert row.received_at == NOW
        assert row.id.version == 7

    def test_what_is_bad_is_left_out_with_its_place(self):
        batch = self.rows([5, from_page(number=1), from_page("order.placed"), from_page(number=3)])
        assert batch.indexes == [1, 3]
        assert [(r.index, r.code) for r in batch.rejected] == [
            (0, "not_an_object"),
            (2, "forbidden_type"),
        ]

    @pytest.mark.parametrize(
        "events", [from_page("order.placed"), [from_page("consent.changed")] * 3]
    )
    def test_nothing_but_forbidden_types_is_refused_as_a_whole(self, events):
        with pytest.raises(Refused) as refusal:
            self.rows(events)
        assert refusal.value.answer.status == 403

    def test_when_it_was_received_is_not_the_clients_to_say(self):
        event = from_page(received_at="2001-01-01T00:00:00Z")
        shop = from_shop(decode_events(body_of(event)), SECRET, NOW)
        for batch in (self.rows(event), shop):
            (row,) = batch.rows
            assert row.received_at == NOW
            assert "received_at" not in row.payload

    def test_of_the_shop_carry_the_keys_of_orders_alone(self):
        events = [
            an_event("order.placed", 1, contact=CONTACT),
            an_event("order.cancelled", 2),
            an_event(),
        ]
        batch = from_shop(decode_events(body_of(events)), SECRET, NOW)
        assert [bool(row.order_keys) for row in batch.rows] == [True, False, False]
        assert "email:ada@example.test" in batch.rows[0].order_keys
        assert all(row.trusted and row.source == "shop" for row in batch.rows)
