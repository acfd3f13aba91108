"""Signing in and out, and which shop one is in then. Who may open what stands in test_roles.py."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from ripresa.domain.shops.models import Membership
from tests.rows import PASSWORD


class TestSigningIn:
    def test_leads_to_the_shop(self, world):
        client = Client()
        answer = client.post(
            reverse("login"), {"username": "Ada@wines.test", "password": PASSWORD}, follow=True
        )
        assert answer.request["PATH_INFO"] == "/wines/"

    def test_leads_back_to_where_one_was(self, world):
        target = reverse("carts", args=["wines"])
        answer = Client().post(
            f"{reverse('login')}?next={target}",
            {"username": "ada@wines.test", "password": PASSWORD, "next": target},
        )
        assert answer.headers["Location"] == target

    def test_never_leads_to_another_site(self, world):
        answer = Client().post(
            reverse("login"),
            {"username": "ada@wines.test", "password": PASSWORD, "next": "https://evil.test/"},
        )
        assert answer.headers["Location"] == "/"

    @pytest.mark.parametrize("name", ["ada@wines.test", "nobody@wines.test"])
    def test_says_the_same_whoever_it_is(self, name, world):
        answer = Client().post(reverse("login"), {"username": name, "password": "wrong"})
        assert answer.status_code == 200
        assert b"E-mail and password do not match." in answer.content

    def test_signing_out_needs_a_post(self, world, ada):
        assert ada.get(reverse("logout")).status_code == 405
        assert ada.post(reverse("logout")).status_code == 302
        assert ada.get("/wines/").status_code == 302

    def test_a_form_without_its_token_is_refused_in_plain_words(self, world):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(reverse("login"), {"username": "ada@wines.test", "password": PASSWORD})
        assert answer.status_code == 403
        assert b"That form has grown old" in answer.content


class TestWhatMaySomebodyElse:
    def test_a_piece_of_a_page_tells_who_may_and_whom_to_ask(self, world, vera):
        answer = vera.post("/wines/segments/new/", headers={"HX-Request": "true"})
        assert answer.status_code == 403
        said = json.loads(answer.headers["HX-Trigger"])["told"]["words"]
        assert "Your role in this shop: Viewer. This may be done by: Owner, Marketer." in said
        assert "Ask: ada@wines.test" in said


class TestChoosingAShop:
    def test_the_latest_shop_comes_first_next_time(self, world, ada):
        Membership.objects.create(
            shop=world.other_shop, id=world.ben.id, user=world.ada, role="viewer"
        )
        assert ada.get("/").headers["Location"] == "/wines/"
        ada.get("/bikes/")
        assert ada.get("/").headers["Location"] == "/bikes/"

    def test_the_menu_lists_my_shops_only(self, world, ada):
        content = ada.get("/wines/").content
        assert b'href="/wines/"' in content
        assert b'href="/bikes/"' not in content

    def test_the_role_is_that_of_the_shop_one_is_in(self, world, ada):
        Membership.objects.create(
            shop=world.other_shop, id=world.ben.id, user=world.ada, role="viewer"
        )
        assert b"Stop all sending" in ada.get("/wines/").content
        assert b"Stop all sending" not in ada.get("/bikes/").content

    def test_who_has_no_shop_is_told_whom_to_ask(self, world, as_user):
        lone = User.objects.create(username="lone@host.test")
        answer = as_user(lone).get("/")
        assert answer.status_code == 200
        assert b"No shop yet" in answer.content
