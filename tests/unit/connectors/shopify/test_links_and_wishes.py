"""Restore links that name nobody, recovery URLs as secrets, and what Shopify asks of every app by law."""

import pytest

from ripresa.connectors.shopify.connector import CONNECTOR
from ripresa.connectors.shopify.recovery_urls import token_in
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.errands import RestoredCart, RestoredItem
from ripresa.contracts.shops.personal import PersonalRequest, PersonalWish
from tests.unit.connectors.calls import SETTINGS, shopify
from tests.unit.connectors.shopify.payloads import BAROLO, a_checkout

SHOP = {**SETTINGS["shopify"], "restore_by": "cart", "storefront": ""}
URL = "https://wines.test/1/checkouts/ac/cart_1234/recover?key=k%2B1"
DOMAIN = "wines.myshopify.com"
CUSTOMER = {"id": 9007199254740993, "email": "ada@mail.test", "phone": None}


def item(variant_id="411", quantity=2):
    return RestoredItem("41", "", variant_id, "", quantity)


def link(*items, settings=SHOP, url=None, code=""):
    return CONNECTOR.restore_link(settings, RestoredCart("cart_1", items, "EUR", url, code))


def test_a_link_fills_a_cart_and_applies_the_code():
    assert link(item(), item("412", 1), url=URL) == f"https://{DOMAIN}/cart/411:2,412:1"
    assert link(item(), code="A&B 1") == f"https://{DOMAIN}/cart/411:2?discount=A%26B%201"
    own = SHOP | {"storefront": "wines.test"}
    assert link(item(), settings=own) == "https://wines.test/cart/411:2"


def test_without_all_variants_the_shops_own_address_is_what_is_left():
    assert link(item(), item(""), url=URL) == URL
    assert link(item("../x"), url=URL, code="AB") == URL + "&discount=AB"
    assert link(item("")) is None
    assert link() is None


def test_recovery_urls_are_secrets_and_kept_only_where_they_are_needed():
    def kept(settings, **changes):
        heard = CONNECTOR.hear(shopify("checkouts/update", a_checkout(**changes)), settings)
        [cart] = [each.cart for each in heard.outcomes if each.type == "cart.updated"]
        return cart.restore_url is not None

    assert not kept(SHOP)
    assert kept(SHOP | {"restore_by": "checkout"})
    assert kept(SHOP, line_items=[BAROLO | {"variant_id": None}])


def test_a_merchant_may_want_the_shops_own():
    wanting = SHOP | {"restore_by": "checkout"}
    assert link(item(), settings=wanting, url=URL) == URL
    assert link(item(), settings=wanting) == f"https://{DOMAIN}/cart/411:2"


def test_the_token_in_a_recovery_url():
    assert token_in(URL) == "cart_1234"
    assert token_in(
        "https://w.test/1/checkouts/f050eda125a10cca513162f01101b261/recover?key=k"
    ) == ("f050eda125a10cca513162f01101b261")
    for nothing in (None, "", 5, "https://w.test/orders/1/abcdefgh?recovered=1"):
        assert token_in(nothing) is None


@pytest.mark.parametrize(
    ("topic", "body", "request_"),
    [
        (
            "customers/data_request",
            {"customer": CUSTOMER, "data_request": {"id": 99}},
            PersonalRequest(
                PersonalWish.TELL, "ada@mail.test", customer_id="9007199254740993", reference="99"
            ),
        ),
        (
            "customers/redact",
            {"customer": CUSTOMER, "orders_to_redact": [1]},
            PersonalRequest(PersonalWish.ERASE, "ada@mail.test", customer_id="9007199254740993"),
        ),
        ("shop/redact", {}, PersonalRequest(PersonalWish.ERASE_SHOP)),
    ],
)
def test_wishes_by_law(topic, body, request_):
    heard = CONNECTOR.hear(shopify(topic, {"shop_domain": DOMAIN, **body}), SHOP)
    assert (heard.request, heard.outcomes, heard.has_ended) == (request_, (), False)


@pytest.mark.parametrize("topic", ["customers/redact", "shop/redact", "app/uninstalled"])
def test_another_body_under_such_a_topic_closes_and_erases_nothing(topic):
    """The topic stands in a header, which is not signed: whoever has any signed body could send it on."""
    for body in (
        {"id": 1, "customer": CUSTOMER},
        [],
        {"shop_domain": "x.myshopify.com", "customer": CUSTOMER},
    ):
        with pytest.raises(HookRefused, match="does not name this shop"):
            CONNECTOR.hear(shopify(topic, body), SHOP)


def test_consent_of_its_own_topics():
    email = {
        "customer_id": 7, "email_address": "ada@mail.test",
        "email_marketing_consent": {
            "state": "unsubscribed", "opt_in_level": "single_opt_in",
            "consent_updated_at": "2026-11-02T14:00:00Z",
        },
    }  # fmt: skip
    sms = {
        "id": 7, "phone": "+393331234567",
        "sms_marketing_consent": {
            "state": "subscribed", "opt_in_level": "single_opt_in",
            "consent_updated_at": "2026-11-02T14:00:00Z", "consent_collected_from": "SHOPIFY",
        },
    }  # fmt: skip
    [denied] = CONNECTOR.hear(
        shopify("customers/email_marketing_consent/update", email), SHOP
    ).outcomes
    [granted] = CONNECTOR.hear(shopify("customers/marketing_consent/update", sms), SHOP).outcomes
    assert (denied.contact.customer_id, denied.contact.consent.email) == ("7", "denied")
    assert (granted.contact.phone, granted.contact.consent.sms) == ("+393331234567", "granted")
