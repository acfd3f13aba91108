"""Every connector believes what is signed, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ripresa.connectors.medusa.connector import CONNECTOR as MEDUSA
from ripresa.connectors.shopify.connector import CONNECTOR as SHOPIFY
from ripresa.connectors.woocommerce.connector import CONNECTOR as WOOCOMMERCE
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.connector import Heard
from ripresa.core.http.signing import is_standard_webhook
from tests.unit.connectors import calls
from tests.unit.connectors.calls import SETTINGS, T0

CHECKOUT = {
    "id": 1, "token": "chk", "cart_token": "cart", "email": "ada@example.test", "currency": "EUR",
    "created_at": "2026-11-02T14:00:00Z", "updated_at": "2026-11-02T14:10:00Z",
    "subtotal_price": "89.00",
    "line_items": [{"product_id": 7, "quantity": 3, "price": "29.67", "title": "Wine"}],
}  # fmt: skip
WOO_ORDER = {
    "id": 727, "number": "727", "status": "processing", "currency": "EUR", "total": "29.35",
    "date_created_gmt": "2026-11-02T14:10:00", "date_modified_gmt": "2026-11-02T14:10:00",
    "customer_id": 0, "billing": {"email": "ada@example.test"},
    "meta_data": [{"id": 1, "key": "_ripresa_cart", "value": "tok"}],
}  # fmt: skip
MEDUSA_CART = {
    "id": "cart_01", "email": "ada@example.test", "currency_code": "eur", "item_total": 59.8,
    "updated_at": "2026-11-02T14:10:00.123Z",
    "items": [{"product_id": "prod_1", "quantity": 2, "unit_price": 29.9, "title": "Wine"}],
}  # fmt: skip
GOOD = [
    (SHOPIFY, calls.shopify("checkouts/update", CHECKOUT), "cart.updated"),
    (WOOCOMMERCE, calls.woocommerce("order.created", WOO_ORDER), "order.placed"),
    (MEDUSA, calls.medusa("cart.updated", MEDUSA_CART), "cart.updated"),
]
by_platform = pytest.mark.parametrize(
    ("connector", "call", "last"), GOOD, ids=[each[0].name for each in GOOD]
)


@by_platform
def test_a_signed_call_is_heard(connector, call, last):
    heard = connector.hear(call, SETTINGS[connector.name])
    assert heard.outcomes[-1].type == last
    assert not heard.has_ended


@by_platform
def test_a_changed_body_a_wrong_secret_and_no_signature_are_refused(connector, call, last):
    settings = SETTINGS[connector.name]
    name = next(key for key in settings if key.endswith("secret"))
    other = calls.WHSEC.replace("A", "B") if connector is MEDUSA else "another"
    for changed, known in [
        (replace(call, body=call.body.replace(b"ada@", b"eve@")), settings),
        (call, settings | {name: other, "webhook_secret": other}),
        (replace(call, headers={k: v for k, v in call.headers.items() if "sig" not in k and "hmac" not in k}), settings),
    ]:  # fmt: skip
        with pytest.raises(HookRefused, match="signature"):
            connector.hear(changed, known)


@by_platform
def test_what_is_signed_and_is_no_json_is_refused(connector, call, last):
    if connector is MEDUSA:
        broken = calls.medusa("cart.updated", {})
        signed = calls.hmac_base64(bytes(range(32)), b"msg_1." + broken.headers["webhook-timestamp"].encode() + b".{")  # fmt: skip
        broken = replace(broken, body=b"{", headers=broken.headers | {"webhook-signature": f"v1,{signed}"})  # fmt: skip
    else:
        secret = b"s3cret" if connector is SHOPIFY else b"woo"
        name = next(key for key in call.headers if "sig" in key or "hmac" in key)
        broken = replace(call, body=b"{", headers=call.headers | {name: calls.hmac_base64(secret, b"{")})  # fmt: skip
    with pytest.raises(HookRefused, match="JSON"):
        connector.hear(broken, SETTINGS[connector.name])


@by_platform
def test_a_topic_that_says_nothing_to_us_is_no_trouble(connector, call, last):
    other = {
        "shopify": calls.shopify("themes/update", {}),
        "woocommerce": calls.woocommerce("product.updated", {"id": 1}),
        "medusa": calls.medusa("product.updated", {"id": "p"}),
    }[connector.name]
    assert connector.hear(other, SETTINGS[connector.name]) == Heard()


def test_shopify_of_another_shop_and_of_yesterday():
    settings = SETTINGS["shopify"]
    with pytest.raises(HookRefused, match=r"shop beers\.myshopify\.com"):
        SHOPIFY.hear(calls.shopify("orders/create", {}, shop="beers.myshopify.com"), settings)
    with pytest.raises(HookRefused, match="repeats none for so long"):
        SHOPIFY.hear(calls.shopify("orders/create", {}, sent=T0 - timedelta(hours=25)), settings)
    assert SHOPIFY.hear(
        calls.shopify("app/uninstalled", {"myshopify_domain": "wines.myshopify.com"}), settings
    ).has_ended


def test_shopify_signs_with_the_old_secret_for_a_while():
    settings = SETTINGS["shopify"] | {"client_secret": "new", "old_client_secret": "s3cret"}
    assert SHOPIFY.hear(calls.shopify("checkouts/update", CHECKOUT), settings).outcomes


def test_woocommerces_ping_is_answered_and_entities_in_the_secret_are_decoded():
    assert WOOCOMMERCE.hear(calls.call(b"webhook_id=123", {}), SETTINGS["woocommerce"]) == Heard()
    settings = SETTINGS["woocommerce"] | {"webhook_secret": "a&amp;b"}
    assert WOOCOMMERCE.hear(calls.woocommerce("order.created", WOO_ORDER, secret="a&b"), settings)


def test_a_deleted_order_of_woocommerce_is_cancelled_when_it_is_heard():
    heard = WOOCOMMERCE.hear(calls.woocommerce("order.deleted", {"id": 9}), SETTINGS["woocommerce"])
    (event,) = heard.outcomes
    assert (event.type, event.order.id, event.occurred_at) == ("order.cancelled", "9", T0)


def test_a_standard_webhook_as_the_specification_signs_it():
    """The example of the reference libraries; five minutes either way are let pass."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    sent = T0.fromtimestamp(1614265330, T0.tzinfo)
    body = b'{"test": 2432232314}'
    for late, is_good in [(0, True), (299, True), (-299, True), (301, False), (-301, False)]:
        now = sent + timedelta(seconds=late)
        assert is_standard_webhook(body, secret, headers, now=now) is is_good
    assert not is_standard_webhook(body + b" ", secret, headers, now=sent)
    assert not is_standard_webhook(body, "whsec_###", headers, now=sent)
    assert not is_standard_webhook(body, "whsec_schlüssel", headers, now=sent)
    assert not is_standard_webhook(body, secret, headers | {"webhook-timestamp": "x"}, now=sent)
