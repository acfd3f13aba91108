"""What is peculiar to WooCommerce: keys and addresses, pages that move, webhooks that are switched off."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from ripresa.connectors.woocommerce.connector import CONNECTOR
from ripresa.connectors.woocommerce.plugin import with_whole_numbers
from ripresa.connectors.woocommerce.rest import Rest
from ripresa.contracts.catalogue import CatalogueItem, Offered
from ripresa.contracts.decoding import decode_events
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import Buyers, RestoredCart, RestoredItem
from tests.contracts.shops.frame import HOOK, T0, events
from tests.contracts.shops.woocommerce import ORDERS, TOKEN, WOOCOMMERCE, an_order, shop
from tests.scripted_http import Said

SINCE = T0 - timedelta(days=1)
SOON = timedelta(minutes=1)
SHOP = CONNECTOR.complete(
    {
        "url": "https://wines.example/it/",
        "webhook_secret": "w",
        "consumer_key": "ck",
        "consumer_secret": "cs",
    }
)


class Noted:
    """Stands in for a shop's client: what was to be asked."""

    def get(self, url, query, headers):
        assert not query
        address, _, fields = url.partition("?")
        self.call = (address, dict(parse_qsl(fields)), dict(headers))


def asked(settings, what="orders", query=None):
    noted = Noted()
    Rest(noted, settings).get(what, query or {"page": "2"})
    return noted.call


def numbers(outcomes):
    return {one.order.id for one in events(outcomes)}


def test_keys_go_in_the_header_or_where_the_server_leaves_them():
    assert asked(SHOP) == (
        "https://wines.example/it/wp-json/wc/v3/orders",
        {"page": "2"},
        {"authorization": "Basic Y2s6Y3M="},
    )
    url, query, headers = asked(SHOP | {"keys_in": "query"})
    assert (query["consumer_key"], query["consumer_secret"], headers) == ("ck", "cs", {})
    url, query, _ = asked(SHOP | {"permalinks": "plain"})
    assert (url, query["rest_route"]) == (
        "https://wines.example/it/index.php",
        "/wc/v3/orders",
    )


def test_a_word_that_means_nothing_is_refused():
    with pytest.raises(BadSettings, match="permalinks is pretty or plain, not 'Plain'"):
        list(CONNECTOR.ask(SHOP | {"permalinks": "Plain"}, SINCE))


def test_a_shop_without_permalinks_is_asked_and_told_all_the_same():
    with shop() as woo:
        woo.permalinks = "plain"
        assert (
            len(numbers(o for page in CONNECTOR.ask(woo.settings, SINCE) for o in page)) == ORDERS
        )
        assert CONNECTOR.register(woo.settings, HOOK).made == CONNECTOR.topics
        assert CONNECTOR.look(woo.settings, [CatalogueItem("7", "", "")], "EUR", SOON) == [
            Offered(2990)
        ]


def test_wrong_keys_are_told_in_the_shops_own_words():
    with shop() as woo, pytest.raises(NotLetIn, match=r"says 401: Invalid signature\."):
        list(CONNECTOR.ask(woo.settings | {"consumer_secret": "cs_2"}, SINCE))


def test_pages_that_a_host_cuts_short_are_all_read():
    with shop() as woo:
        woo.page_size = 7
        assert (
            len(numbers(o for page in CONNECTOR.ask(woo.settings, SINCE) for o in page)) == ORDERS
        )


def test_an_order_that_changes_meanwhile_hides_no_other():
    """With page numbers alone, those behind it would move up onto a page that was read already."""
    with shop() as woo:
        woo.page_size = 3
        told = set()
        for number, page in enumerate(CONNECTOR.ask(woo.settings, SINCE)):
            told |= numbers(page)
            if number < 6:
                moved = woo.orders[number]
                woo.orders[number] = an_order(moved["id"], T0 + timedelta(seconds=number))
        assert told == {str(number) for number in range(1, ORDERS + 1)}


def test_more_orders_in_one_second_than_a_page_holds():
    with shop() as woo:
        woo.orders = [an_order(number, T0) for number in range(50)]
        told = [one for page in CONNECTOR.ask(woo.settings, SINCE) for one in page]
        assert len(numbers(told)) == 50


def test_history_can_be_begun_again_where_it_stopped():
    with shop() as woo:
        woo.page_size = 3
        pages = CONNECTOR.back_fill(woo.settings, SINCE)
        told = [next(pages) for _ in range(6)]
        assert [one.contact.email for one in told[0].outcomes] == ["ada@example.test"]
        pages.close()
        rest = CONNECTOR.back_fill(woo.settings, told[-1].until)
        outcomes = [one for page in (*told, *rest) for one in page.outcomes]
        orders = {one.order.id for one in events(outcomes) if one.order}
        assert orders == {str(number) for number in range(1, ORDERS + 1)}


def test_a_busy_shop_is_searched_by_person():
    with shop() as woo:
        old = an_order(999, T0 - timedelta(hours=20), billing={"email": "ada@example.test"})
        woo.orders = [*(an_order(number, T0) for number in range(70)), old]
        for buyers in (
            Buyers(emails=frozenset({"ada@example.test"})),
            Buyers(customer_ids=frozenset({"999"})),
        ):
            found = CONNECTOR.find_orders(woo.settings, buyers, SINCE, SOON)
            assert "999" in numbers(found)


def test_webhooks_switched_off_doubled_or_signed_with_an_old_secret_are_mended():
    with shop() as woo:
        woo.webhooks.append(
            {
                "id": 1,
                "topic": "order.created",
                "delivery_url": "https://else.test",
                "status": "active",
            }
        )
        CONNECTOR.register(woo.settings, HOOK)
        first = woo.webhooks[1]
        woo.webhooks.append({**first, "id": 900})
        woo.webhooks.append({**first, "id": 901, "topic": "product.created"})
        first["status"] = "disabled"
        mended = CONNECTOR.register(woo.settings, HOOK)
        # The double stands well, so it is the one to stay.
        assert (mended.made, len(mended.kept)) == ((), len(CONNECTOR.topics))
        assert sorted(
            one["topic"] for one in woo.webhooks if one["delivery_url"] == HOOK
        ) == sorted(CONNECTOR.topics)
        assert woo.webhooks[0]["delivery_url"] == "https://else.test"
        other = CONNECTOR.register(woo.settings | {"webhook_secret": "new"}, HOOK)
        assert set(other.made) == set(CONNECTOR.topics)
        assert {one["secret"] for one in woo.webhooks[1:]} == {"new"}


def test_a_topic_the_shop_refuses_is_told():
    refusal = {"id": 0, "error": {"code": "x", "message": "Topic is not valid."}}
    with shop() as woo:
        made = [{"id": number} for number in range(len(CONNECTOR.topics) - 1)]
        woo.faults += [Said(200, []), Said(200, {"create": [*made, refusal]})]
        told = CONNECTOR.register(woo.settings, HOOK)
        assert told.problems == (f"{CONNECTOR.topics[-1]}: Topic is not valid.",)
        assert told.made == CONNECTOR.topics[:-1]
        woo.faults += [Said(200, []), Said(200, {"create": []})]
        with pytest.raises(ShopAway, match="something else than"):
            CONNECTOR.register(woo.settings, HOOK)


def test_coupons_are_ours_the_shops_currency_and_used_once():
    wanted = WOOCOMMERCE.wanted
    with shop() as woo:
        CONNECTOR.mint(woo.settings, wanted)
        assert woo.coupons[0] | {"id": 0} == {
            "code": "backaaaa11", "description": "Ripresa: back", "discount_type": "fixed_cart",
            "amount": "10.00", "usage_limit": 1, "minimum_amount": "30",
            "date_expires_gmt": "2098-12-31T23:59:59", "id": 0, "usage_count": 0,
        }  # fmt: skip
        # Somebody else's code of the same letters is not ours.
        assert CONNECTOR.mint(woo.settings, replace(wanted, name="another pool")) == []
        with pytest.raises(NotLetIn, match="counts in EUR"):
            CONNECTOR.mint(woo.settings, replace(wanted, currency="USD"))
        percent = replace(
            wanted, currency="USD", is_percent=True, minimum=None, codes=("PERC111111",)
        )
        assert CONNECTOR.mint(woo.settings, percent) == ["PERC111111"]
        many = tuple(f"MANY{number:06}" for number in range(150))
        assert len(CONNECTOR.mint(woo.settings, replace(wanted, codes=many))) == 150


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({}, True),
        ({"usage_count": 1}, False),
        ({"status": "trash"}, False),
        ({"date_expires_gmt": "2026-01-01T00:00:00"}, False),
        ({"date_expires_gmt": "soon"}, None),
        ({"usage_limit": None, "usage_count": 40}, True),
    ],
)
def test_whether_a_code_stands(change, stands):
    with shop() as woo:
        CONNECTOR.mint(woo.settings, WOOCOMMERCE.wanted)
        woo.coupons[0] |= change
        told = CONNECTOR.look_at_codes(woo.settings, ["BackAaaa11"], SOON)
        assert told == {"BackAaaa11": stands}


def test_prices_of_another_currency_are_not_told_and_a_closed_store_api_is_away():
    with shop() as woo:
        item = CatalogueItem("7", "", "")
        assert CONNECTOR.look(woo.settings, [item], "USD", SOON) == [Offered(None)]
        woo.products[0]["prices"] = {
            "price": "29900",
            "currency_code": "EUR",
            "currency_minor_unit": 3,
        }
        assert CONNECTOR.look(woo.settings, [item], "EUR", SOON) == [Offered(2990)]
        woo.products[0]["prices"] = None
        assert CONNECTOR.look(woo.settings, [item], "EUR", SOON) == [Offered(None)]
        woo.faults.append(Said(401, {"message": "Only for members."}))
        with pytest.raises(ShopAway, match=r"Store API is closed: .*Only for members"):
            CONNECTOR.look(woo.settings, [item], "EUR", SOON)


def cart(*items, url=None, code="", token=TOKEN):
    return RestoredCart(token, tuple(items), "EUR", url, code)


def line(product="7", variant_id="", quantity=1):
    return RestoredItem(product, "", variant_id, "", quantity)


@pytest.mark.parametrize(
    ("given", "link"),
    [
        (
            cart(line(quantity=2), line("19", "20"), code="BACK10"),
            f"/checkout-link/?products=7:2,20:1&ripresa_cart={TOKEN}&coupon=BACK10",
        ),
        (cart(line(), line()), f"/checkout-link/?products=7:2&ripresa_cart={TOKEN}"),
        (cart(line(), token="hers"), "/checkout-link/?products=7:1"),
        (cart(line("A-1")), None),
        (cart(line(), line("x")), None),
        (cart(), None),
        (
            cart(url="https://wines.example/?ripresa_restore=7:1&ripresa_cart=x", code="A B"),
            "/?ripresa_restore=7:1&ripresa_cart=x&coupon=A%20B",
        ),
        (cart(url="https://wines.example/?coupon=old", code="NEW"), "/?coupon=NEW"),
        (cart(line(), url="https://evil.test/x"), f"/checkout-link/?products=7:1&ripresa_cart={TOKEN}"),
        (cart(url="http://wines.example/x"), None),
        (cart(*(line(str(number)) for number in range(10**6, 10**6 + 300))), None),
    ],
)  # fmt: skip
def test_the_way_back(given, link):
    settings = SHOP | {"url": "https://wines.example"}
    found = CONNECTOR.restore_link(settings, given)
    assert found == (link and f"https://wines.example{link}")


def test_the_way_back_of_older_shops():
    settings = SHOP | {"url": "https://wines.example"}
    assert CONNECTOR.restore_link(settings | {"checkout_links": "no"}, cart(line())) is None
    plain = CONNECTOR.restore_link(settings | {"permalinks": "plain"}, cart(line(), token=""))
    assert plain == "https://wines.example/?checkout-link=true&products=7:1"


def test_what_the_merchant_has_to_know():
    with shop() as woo:
        assert CONNECTOR.watch(woo.settings) == ()
        woo.plugins = ["woocommerce/woocommerce.php 9.4.1", "automatewoo/automatewoo.php 6.0"]
        first, second, third = CONNECTOR.watch(woo.settings)
        assert "AutomateWoo" in first
        assert "Ripresa plugin is not active" in second
        assert "9.4.1" in third
        woo.faults.append(Said(403, {"message": "Sorry, you cannot view this resource."}))
        assert "can't be seen" in CONNECTOR.watch(woo.settings)[0]
        native = {"id": "enabled", "value": "yes"}
        woo.faults += [Said(200, {"active_plugins": []}), Said(404, ""), Said(200, native)]
        assert any("WooCommerce itself" in one for one in CONNECTOR.watch(woo.settings))


def test_amounts_are_written_out():
    wanted = replace(WOOCOMMERCE.wanted, value=Decimal("1E+1"), valid_until=None, minimum=None)
    with shop() as woo:
        CONNECTOR.mint(woo.settings, wanted)
        assert woo.coupons[0]["amount"] == "10"
        assert "date_expires_gmt" not in woo.coupons[0]


def test_dates_of_other_zones_are_asked_for_in_utc():
    with shop() as woo:
        rome = datetime.fromisoformat("2026-11-02T14:00:00+01:00")
        list(CONNECTOR.ask(woo.settings, rome))
        assert rome.astimezone(UTC).hour == 13
        assert woo.served


PLUGIN = {"version": "0.1.0", "address": "", "mark": "", "waiting": 0, "dropped": 0, "trouble": ""}


def test_the_plugin_is_set_up_without_copying_anything():
    with shop() as woo:
        woo.plugin = dict(PLUGIN)
        assert CONNECTOR.watch(woo.settings) == (
            "The Ripresa plugin is not set up: of carts it tells nothing.",
        )
        assert CONNECTOR.register(woo.settings, HOOK).problems == ()
        assert woo.plugin["address"] == HOOK
        mark = woo.plugin["mark"]
        assert CONNECTOR.watch(woo.settings) == ()
        CONNECTOR.register(woo.settings, HOOK)
        CONNECTOR.register(woo.settings | {"webhook_secret": "new"}, HOOK)
        assert woo.plugin["mark"] != mark
        assert woo.served.count("POST /wc-ripresa/v1/connection") == 2
        woo.plugin["address"] = "https://another.test/hooks/woocommerce/x"
        (problem,) = CONNECTOR.register(woo.settings, HOOK).problems
        assert "another address" in problem
        assert woo.plugin["address"] == "https://another.test/hooks/woocommerce/x"


def test_a_plugin_that_fares_badly_is_told_of():
    with shop() as woo:
        woo.plugin = PLUGIN | {
            "address": HOOK,
            "trouble": "timed out",
            "waiting": 900,
            "dropped": 4,
        }
        first, second, third = CONNECTOR.watch(woo.settings)
        assert "timed out" in first
        assert "900 events wait" in second
        assert "4 events go" in third
        woo.faults += [Said(200, {"active_plugins": []}), Said(200, ["x"])]
        with pytest.raises(ShopAway, match="how it stands"):
            CONNECTOR.watch(woo.settings)


@pytest.mark.parametrize(
    ("typed", "country", "phone"),
    [
        ("333 123-4567", "IT", "+393331234567"),
        ("(030) 901820", "DE", "+4930901820"),
        ("+39 333 1234567", "DE", "+393331234567"),
        ("0039 333 1234567", "IT", "+393331234567"),
    ],
)
def test_a_number_typed_at_the_checkout_is_whole(typed, country, phone):
    contact = {"phone": typed, "phone_country": country, "consent": {"sms": "granted"}}
    event = {
        "id": "woocommerce-plugin:1", "type": "contact.identified", "cart": {"token": "wc_1"},
        "occurred_at": "2026-11-02T14:30:00Z", "contact": contact,
    }  # fmt: skip
    [told] = decode_events(with_whole_numbers(json.dumps([event]).encode()))
    assert (told.contact.phone, told.contact.consent.sms) == (phone, "granted")


def test_what_is_no_number_is_told_and_other_bodies_are_left_as_they_are():
    event = {
        "id": "woocommerce-plugin:1", "type": "contact.identified", "cart": {"token": "wc_1"},
        "occurred_at": "2026-11-02T14:30:00Z", "contact": {"phone": "12-34-56", "phone_country": "IT"},
    }  # fmt: skip
    [rejected] = decode_events(with_whole_numbers(json.dumps(event).encode()))
    assert rejected.field == "contact.phone"
    for body in (b"{", b"[]", b'{"unit_price":1.10}'):
        assert with_whole_numbers(body) is body
    for body in (b'["phone_country"]', b'{"phone_country":1,"contact":[]}'):
        with_whole_numbers(body)
