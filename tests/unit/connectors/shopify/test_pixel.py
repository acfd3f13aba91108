"""The web pixel's mapping, run by Node, read by the contract of store events and by the storefront's own rules."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ripresa.contracts.decoding import decode_collected
from ripresa.contracts.events import StoreEvent

SOURCE = Path(__file__).parents[4] / "shops/shopify/extensions/ripresa-pixel/src/events.js"
NODE = shutil.which("node")
RUN = """
const { SUBSCRIBED, gist, request, storeEvents } = await import(process.argv[1]);
const asked = JSON.parse(process.argv[2]);
console.log(JSON.stringify(asked.map(([event, init]) => {
  const events = storeEvents(event, init);
  const [url, call] = request({endpoint: "https://r.test/", key: "pk_1"}, events, new Date(0));
  return {url, call, gist: gist(events), subscribed: SUBSCRIBED};
})));
"""
MONEY = {"amount": 29.9, "currencyCode": "EUR"}
CART = {
    "id": "gid://shopify/Cart/Z2NwLWV1?key=secret", "cost": {"totalAmount": {"amount": 59.8, "currencyCode": "EUR"}},
    "lines": [{
        "quantity": 2,
        "merchandise": {
            "id": "411", "sku": None, "title": "Default Title", "price": MONEY,
            "product": {"id": "41", "title": "Barolo", "vendor": "wines", "url": "/products/barolo"},
        },
    }],
}  # fmt: skip
PERSON = {"email": "ada@mail.test", "phone": "+393331234567", "buyerAcceptsEmailMarketing": True,
          "buyerAcceptsSmsMarketing": False, "localization": {"language": {"isoCode": "it-IT"}}}  # fmt: skip


def event(name, **data):
    return {
        "id": f"sh-{name}", "name": name, "timestamp": "2026-11-02T14:30:00.000Z", "clientId": "visitor-1",
        "context": {"navigator": {"userAgent": "Mozilla/5.0"}}, "data": data,
    }  # fmt: skip


@pytest.fixture(scope="module")
def told():
    if NODE is None:
        pytest.skip("there is no Node here")
    asked = [
        [event("cart_viewed", cart=CART), None],
        [
            event("page_viewed"),
            {"data": {"cart": CART, "customer": {"email": "ada@mail.test", "id": "7"}}},
        ],
        [event("checkout_contact_info_submitted", checkout=PERSON), {"data": {"cart": CART}}],
        [event("checkout_started", checkout={"email": "", "phone": "333", "lineItems": []}), None],
        [event("page_viewed"), {"data": {"cart": {**CART, "lines": []}, "customer": None}}],
    ]
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", RUN, str(SOURCE), json.dumps(asked)],
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def outcomes(one):
    _, found = decode_collected(one["call"]["body"].encode())
    assert all(isinstance(each, StoreEvent) for each in found), found
    return found


def test_a_cart_is_tied_to_its_browser(told):
    [viewed] = outcomes(told[0])
    assert (viewed.type, viewed.visitor_id, viewed.cart.token) == (
        "cart.updated",
        "visitor-1",
        "Z2NwLWV1",
    )
    [item] = viewed.cart.items
    assert (item.product_id, item.variant_id, item.unit_price, item.variant) == (
        "41",
        "411",
        "29.9",
        None,
    )
    assert (viewed.cart.total, viewed.cart.currency) == ("59.8", "EUR")
    assert "secret" not in told[0]["call"]["body"]


def test_who_is_signed_in_and_who_types_an_address(told):
    cart, person = outcomes(told[1])
    assert (cart.type, person.contact.email) == ("cart.updated", "ada@mail.test")
    assert person.contact.consent is None
    [typed] = outcomes(told[2])
    assert (typed.contact.phone, typed.contact.locale) == ("+393331234567", "it-IT")
    assert (typed.contact.consent.email, typed.contact.consent.sms) == ("granted", None)
    assert typed.cart is None, "a checkout has another token here than in webhooks"


def test_what_says_nothing_is_not_told(told):
    for one in told[3:]:
        assert json.loads(one["call"]["body"])["events"] == []
    assert "checkout_completed" not in told[0]["subscribed"]


def test_how_it_is_sent(told):
    assert told[0]["url"] == "https://r.test/v1/collect"
    assert told[0]["call"]["headers"]["authorization"] == "Bearer pk_1"
    assert told[0]["call"]["keepalive"] is True
    assert "2026" not in told[0]["gist"], "the same a minute later is the same"
