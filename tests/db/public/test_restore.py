"""MSG-7: the restore link shows the items anywhere, to anybody, and gives nothing else away."""

import pytest
from django.utils.html import escape

from ripresa.domain.carts.models import Cart
from ripresa.domain.messages.models import Message, MessageLink
from ripresa.domain.shops.models import Shop
from tests.db.public.conftest import TOKEN
from tests.rows import wine

SECRETS = ("Ben", "Rossi", "ben@mail.test", "+39333", "c_77", "Via Roma", "#1012")


@pytest.fixture
def open_cart(world):
    """Ben's first cart, back to abandoned: the link is followed before he buys."""
    Cart.objects.filter(id=world.ben_recovered.id).update(
        state="abandoned", order_id=None, restore_url="https://wines.test/cart?restore=1&x=<y>"
    )
    return world.ben_recovered


def used_at(world):
    return MessageLink.objects.get(shop=world.shop, purpose="restore").used_at


class TestAnOpenCart:
    def test_shows_items_and_prices(self, open_cart, link, client):
        answer = client.get(link("restore"), headers={"Accept-Language": "en"})
        text = answer.content.decode()
        for each in ("Barolo", "0,75 l", "Chianti", "€29.90", "€79.70"):
            assert each in text

    def test_shows_no_personal_data(self, open_cart, link, client):
        text = client.get(link("restore")).content.decode()
        for secret in SECRETS:
            assert secret not in text

    def test_needs_no_cookie_and_sets_none(self, open_cart, link, client):
        answer = client.get(link("restore"))
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers

    def test_leaves_no_trace_anywhere(self, open_cart, link, client):
        answer = client.get(link("restore"))
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer.headers["Cache-Control"]
        assert b'name="robots" content="noindex' in answer.content

    def test_a_get_records_nothing(self, open_cart, link, client, world):
        target = link("restore")
        client.get(target)
        client.head(target)
        assert used_at(world) is None

    def test_the_button_leads_into_the_shop_and_is_noted(self, open_cart, link, client, world):
        answer = client.post(link("restore"))
        assert answer.status_code == 303
        address, _, behind = answer.headers["Location"].partition("#")
        assert address == "https://wines.test/cart?restore=1&x=%3Cy%3E"
        assert behind.startswith("ripresa_cart=")
        assert str(open_cart.token) not in behind
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert used_at(world) is not None

    @pytest.mark.parametrize(
        ("code", "query"),
        [
            ("BACK 10%&x=1", "restore=1&discount=BACK%2010%25%26x%3D1"),
            (None, "restore=1&discount="),
        ],
    )
    def test_a_shop_without_a_connector_gets_the_coupon_where_its_address_asks_for_it(
        self, code, query, open_cart, link, client, world
    ):
        address = "https://wines.test/cart?restore=1&discount=%7bcoupon%7D"
        Cart.objects.filter(id=open_cart.id).update(restore_url=address)
        Message.objects.filter(id=world.sent.id).update(coupon_code=code)
        answer = client.post(link("restore"))
        address = answer.headers["Location"].partition("#")[0]
        assert address == f"https://wines.test/cart?{query}"

    def test_the_form_may_end_in_the_shop_and_nowhere_else(self, open_cart, link, client):
        policy = client.get(link("restore")).headers["Content-Security-Policy"]
        assert "form-action 'self' https://wines.test;" in policy + ";"
        assert "script-src 'self'" in policy

    def test_works_though_the_browser_has_no_csrf_cookie(self, open_cart, link):
        from django.test import Client

        assert Client(enforce_csrf_checks=True).post(link("restore")).status_code == 303

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.test/", "javascript:alert(1)", "//evil.test/", "https://wines.test@evil.test/",
            "https://evil.test\\@wines.test/", "https://wines.test.evil.test/", "ftp://wines.test/",
            "https://wines.test:\x00/", "", None,
        ],
        ids=repr,
    )  # fmt: skip
    def test_an_address_off_the_shops_hosts_is_never_followed(
        self, address, open_cart, link, client
    ):
        if address is None or "\x00" not in address:  # a text column holds no NUL
            Cart.objects.filter(id=open_cart.id).update(restore_url=address)
        answer = client.post(link("restore"))
        if address is None or "\x00" not in address:
            assert answer.headers["Location"] == "https://wines.test/"

    def test_words_of_the_page_are_never_markup(self, open_cart, link, client):
        evil = '<script>alert(1)</script><a href="https://evil.test">'
        Cart.objects.filter(id=open_cart.id).update(items=[wine(evil)])
        text = client.get(link("restore")).content.decode()
        assert evil not in text
        assert escape(evil) in text
        assert 'href="https://evil.test' not in text

    @pytest.mark.parametrize(
        ("accepts", "word"),
        [("it-IT,it;q=0.9,en;q=0.8", "Il tuo carrello"), ("en-GB", "Your cart"),
         ("fr,pl;q=0.5", "Il tuo carrello"), ("", "Il tuo carrello"), ("q=;;;,\x00", "Il tuo carrello")],
    )  # fmt: skip
    def test_speaks_the_browsers_language_else_the_shops(
        self, accepts, word, open_cart, link, client
    ):
        text = client.get(link("restore"), headers={"Accept-Language": accepts}).content.decode()
        assert word in text
        assert ("79,70" in text) is (word == "Il tuo carrello")


class TestACartThatIsOver:
    def test_a_bought_one_says_thanks(self, world, link, client):
        answer = client.get(link("restore"), headers={"Accept-Language": "en"})
        text = answer.content.decode()
        assert "This cart was ordered already" in text
        assert "Barolo" not in text
        assert 'href="https://wines.test/"' in text
        assert 'rel="noreferrer' in text

    def test_an_emptied_one_leads_to_the_shop(self, world, link, client, open_cart):
        Cart.objects.filter(id=open_cart.id).update(items=[], total_minor=0, state="emptied")
        answer = client.get(link("restore"), headers={"Accept-Language": "en"})
        assert b"This cart is empty now." in answer.content
        assert b'href="https://wines.test/"' in answer.content


class TestALinkThatDoesNotWork:
    def test_an_expired_one_says_so(self, world, link, client):
        answer = client.get(link("restore", days=0), headers={"Accept-Language": "en"})
        assert answer.status_code == 410
        assert b"This link has expired" in answer.content
        assert b'href="https://wines.test/"' in answer.content
        assert b"Barolo" not in answer.content

    def test_posting_to_an_expired_one_changes_nothing(self, world, link, client):
        assert client.post(link("restore", days=-1)).status_code == 410
        assert used_at(world) is None

    @pytest.mark.parametrize(
        "text", ["{shop}-wrongtokenwrongtoken", "{shop}-", "", "x", "1-2-3", "9" * 30 + "-" + TOKEN,
                 "{shop}-" + TOKEN + "'--", "{shop}-" + "a" * 5000, "0-" + TOKEN, "../login", "{shop}-%00" + TOKEN],
    )  # fmt: skip
    def test_one_nobody_was_given_is_not_there(self, text, world, link, client):
        link("restore")
        answer = client.get(
            "/r/" + text.format(shop=world.shop.id), headers={"Accept-Language": "en"}
        )
        assert answer.status_code == 404
        assert b"This link leads nowhere" in answer.content
        assert b"Barolo" not in answer.content

    def test_a_token_is_good_for_its_purpose_alone(self, world, link, client):
        unsubscribe = link("unsubscribe")
        assert client.get(unsubscribe.replace("/u/", "/r/")).status_code == 404
        assert client.get(unsubscribe.replace("/u/", "/v/")).status_code == 404

    def test_a_token_is_good_in_its_shop_alone(self, world, link, client):
        link("restore")
        assert client.get(f"/r/{world.other_shop.id}-{TOKEN}").status_code == 404

    def test_a_shop_without_an_address_gets_no_link(self, world, link, client):
        Shop.objects.filter(id=world.shop.id).update(store_url="javascript:alert(1)")
        answer = client.get(link("restore", days=-1))
        assert b"javascript:" not in answer.content

    def test_other_methods_are_refused(self, world, link, client):
        assert client.put(link("restore")).status_code == 405


def test_costs_six_statements(world, link, client, open_cart, django_assert_num_queries):
    target = link("restore")
    with django_assert_num_queries(6):  # the last is for the shop's logo
        client.get(target)
