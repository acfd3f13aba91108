"""The plugin's script at WooCommerce's two checkouts: an address leaves the page only after a yes."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.scripted_http import Heard, Said, ScriptedApi

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "shops/woocommerce/assets/checkout.js"
# Ids as the two checkouts give them; the block checkout draws its fields late, and again.
FORMS = {
    "classic": """<form class="checkout">
      <input id="billing_first_name" value="Ada"><input id="billing_last_name" value="Rossi">
      <input id="billing_email"><input type="checkbox" id="ripresa_consent">
      <input id="billing_phone"><select id="billing_country"><option>IT</option></select>
      <input type="checkbox" id="ripresa_sms_consent"></form>""",
    "block": """<div id="app"></div><script>
      function draw() { document.getElementById('app').innerHTML =
        '<input id="email"><input type="checkbox" id="contact-ripresa-consent">' +
        '<input type="checkbox" id="contact-ripresa-sms-consent">' +
        '<input id="shipping-phone"><select id="shipping-country"><option>IT</option></select>' +
        '<input id="shipping-first_name" value="Ada"><input id="shipping-last_name" value="Rossi">'; }
      setTimeout(draw, 20)</script>""",
}
FIELDS = {
    "classic": ("#billing_email", "#ripresa_consent"),
    "block": ("#email", "#contact-ripresa-consent"),
}


NUMBERS = {
    "classic": ("#billing_phone", "#ripresa_sms_consent"),
    "block": ("#shipping-phone", "#contact-ripresa-sms-consent"),
}


class Checkout:
    """The shop's server: the page, the script, and what the script said."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.said: list[dict] = []

    def answer(self, heard: Heard) -> Said:
        if heard.method == "POST":
            self.said.append(dict(parse_qsl(heard.body.decode())))
            return Said(200, "{}")
        if heard.path == "/checkout.js":
            return Said(200, SCRIPT.read_text(), {"content-type": "text/javascript"})
        if heard.path != "/":
            return Said(204)
        told = json.dumps({"url": "/?wc-ajax=ripresa_contact", "nonce": "n1"})
        page = (
            f"<!doctype html><title>Checkout</title>{FORMS[self.form]}"
            f"<script>window.ripresaCheckout = {told};</script><script src='/checkout.js'></script>"
        )
        return Said(200, page, {"content-type": "text/html"})


@pytest.mark.parametrize("form", FORMS)
def test_an_address_leaves_the_page_only_after_a_yes(page, form):
    shop = Checkout(form)
    email, box = FIELDS[form]
    with ScriptedApi(shop.answer) as api:
        page.goto(api.url + "/")
        page.fill(email, "ada@example.test")
        page.locator(email).blur()
        page.wait_for_timeout(100)
        assert shop.said == []
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.check(box)
        assert shop.said == [
            {
                "nonce": "n1",
                "email": "ada@example.test",
                "consent": "granted",
                "first_name": "Ada",
                "last_name": "Rossi",
            }
        ]
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.fill(email, "ada@rossi.test")
            page.locator(email).blur()
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.uncheck(box)
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.check(box)
        page.fill(email, "ada@")
        page.locator(email).blur()
        page.wait_for_timeout(100)
    told = [(one["consent"], one["email"]) for one in shop.said]
    assert told == [
        ("granted", "ada@example.test"),
        ("granted", "ada@rossi.test"),
        ("denied", "ada@rossi.test"),
        ("granted", "ada@rossi.test"),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_number_leaves_the_page_only_after_a_yes_of_its_own(page, form):
    shop = Checkout(form)
    (email, mail_box), (phone, box) = FIELDS[form], NUMBERS[form]
    with ScriptedApi(shop.answer) as api:
        page.goto(api.url + "/")
        page.fill(email, "ada@example.test")
        page.fill(phone, "333 123-4567")
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.check(mail_box)
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.check(box)
        with page.expect_response("**/?wc-ajax=ripresa_contact"):
            page.uncheck(box)
    mail, granted, denied = shop.said
    assert (mail["email"], "phone" in mail) == ("ada@example.test", False)
    said = {
        "nonce": "n1", "email": "ada@example.test", "phone": "333 123-4567", "country": "IT",
    }  # fmt: skip
    assert granted == {**said, "sms_consent": "granted"}
    assert denied == {**said, "sms_consent": "denied"}
