"""Who may open what. The list of pages is taken from the addresses: a new page is tested the day it is made."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from ripresa.console.pipeline.actions import WORK
from ripresa.console.urls import urlpatterns
from ripresa.console.wizard.steps import STEPS
from ripresa.domain.shops.models import Membership, Shop
from tests.world import PASSWORD, World, deal_of, template_of
from tests.worlds import audience
from tests.worlds.connections import connection_of
from tests.worlds.imports import import_of
from tests.worlds.texts import picture_of


def _routes(patterns, before: str = "") -> dict[str, str]:
    """Name -> route of every address, those of the rooms included."""
    found: dict[str, str] = {}
    for each in patterns:
        route = before + str(each.pattern)
        inner = getattr(each, "url_patterns", None)
        found.update({each.name: route} if inner is None else _routes(inner, route))
    return found


ROUTES = _routes(urlpatterns)
OF_A_SHOP = [name for name, route in ROUTES.items() if "<slug:slug>" in route]
POST_ONLY = [
    "import-stop", "import-resume",
    *audience.POST_ONLY,
    "sender-resume", "phone-give-back", "scenario-edit", "wizard-publish", "wizard-drop",
    "text-say", "text-change", "picture-upload", "picture-describe", "picture-remove",
    "connection-check", "connection-back-fill",
    *(f"deal-{word}" for word in WORK),
]  # fmt: skip
# Answers to a GET that are no page of the console: a mail in its frame, a file to take away.
BARE = {
    "import-errors",
    "import-mend",
    "preview-mail",
    "scenario-file",
    "text-canvas",
    "reports-csv",
    "reports-proof-csv",
    "reports-tests-csv",
    "audit-csv",
}
BARE |= {*audience.BARE}
SHOP_PAGES = [name for name in OF_A_SHOP if name not in POST_ONLY]
MAY_CHANGE_ONLY = {
    "import-columns", "import-confirm", "import-mend",
    *audience.MAY_CHANGE_ONLY,
    "sending", "scenario-activate", "scenario-pause", "scenario-resume", "scenario-new", "wizard-try",
    "text", "text-canvas",
    "connection-new", "connection-connect", "connection-change", "connection-disconnect",
    "audit", "audit-csv",
    *(step.url_name for step in STEPS),
}  # fmt: skip
# What addresses hold beside the ids of rows.
WORDS = {
    "template": "reminder",
    "channel": "email",
    "language": "it",
    "number": 1,
    "platform": "medusa",
}


def address(name: str, shop: Shop, world: World) -> str:
    """A page of `shop`, with the id of a row of Ada's shop where it needs one."""
    route = ROUTES[name]
    kwargs = {"slug": shop.slug}
    kwargs |= {name: make(world) for name, make in audience.IDS.items() if name in route}
    for kind, parameter in (
        ("cart", "cart_id"),
        ("customer", "contact_id"),
        ("scenario", "scenario_id"),
        ("sender", "sender_id"),
        ("draft", "draft_id"),
    ):
        if parameter in route:
            kwargs[parameter] = world.hidden[kind]
    if "import_id" in route:
        kwargs["import_id"] = import_of(world).id
    if "template_id" in route:
        kwargs["template_id"] = template_of(world).id
    if "media_id" in route:
        kwargs["media_id"] = picture_of(world).id
    if "connection_id" in route:
        kwargs["connection_id"] = connection_of(world).id
    if "deal_id" in route:
        kwargs["deal_id"] = deal_of(world).id
    kwargs |= {word: value for word, value in WORDS.items() if f":{word}>" in route}
    return reverse(name, kwargs=kwargs)


class TestEveryPageOfAShop:
    """Each test walks all pages: to build the world anew for each of them takes minutes."""

    def test_opens_for_its_owner(self, world, ada):
        for page in SHOP_PAGES:
            assert ada.get(address(page, world.shop, world)).status_code == 200, page

    def test_does_not_exist_for_dan(self, world, dan):
        for page in SHOP_PAGES:
            answer = dan.get(address(page, world.shop, world))
            assert answer.status_code == 404, page
            assert b"Ada" not in answer.content
            assert dan.post(address(page, world.shop, world)).status_code == 404, page

    def test_never_shows_adas_rows_under_dans_shop(self, world, dan):
        for page in SHOP_PAGES:
            answer = dan.get(address(page, world.other_shop, world))
            if "_id" in ROUTES[page]:
                assert answer.status_code == 404, page
            for secret in ("Cleo", "Ada&#x27;s", "Amarone", "#1012", "Left in the cart"):
                assert secret.encode() not in answer.content

    def test_asks_a_stranger_to_sign_in(self, world):
        for page in SHOP_PAGES:
            target = address(page, world.shop, world)
            answer = Client().get(target)
            assert answer.status_code == 302, page
            assert answer.headers["Location"] == f"{reverse('login')}?next={target}"

    def test_sends_a_signed_out_browser_of_htmx_to_the_login_as_a_whole(self, world):
        for page in SHOP_PAGES:
            target = address(page, world.shop, world)
            answer = Client().get(
                target,
                headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{target}"},
            )
            assert answer.headers["HX-Redirect"] == f"{reverse('login')}?next={target}"
            assert b"Ada" not in answer.content

    def test_a_superuser_is_nobody_special(self, world, as_user):
        root = User.objects.create(username="root@host.test", is_superuser=True, is_staff=True)
        for page in SHOP_PAGES:
            assert as_user(root).get(address(page, world.shop, world)).status_code == 404, page

    def test_a_member_removed_is_out_at_once(self, world, ada):
        Membership.objects.filter(user=world.ada).delete()
        for page in SHOP_PAGES:
            assert ada.get(address(page, world.shop, world)).status_code == 404, page

    def test_a_user_switched_off_is_signed_out(self, world, ada):
        User.objects.filter(id=world.ada.id).update(is_active=False)
        for page in SHOP_PAGES:
            assert ada.get(address(page, world.shop, world)).status_code == 302, page

    def test_a_viewer_looks_but_never_changes(self, world, vera):
        for page in SHOP_PAGES:
            answer = vera.get(address(page, world.shop, world))
            if page in MAY_CHANGE_ONLY:
                assert answer.status_code == 403, page
                assert vera.post(address(page, world.shop, world)).status_code == 403, page
            else:
                assert answer.status_code == 200, page
                assert b"Stop all sending" not in answer.content

    def test_no_copy_is_kept(self, world, ada):
        for page in SHOP_PAGES:
            answer = ada.get(address(page, world.shop, world))
            assert "no-store" in answer.headers["Cache-Control"]
            assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("action", POST_ONLY)
class TestEveryActionOfAShop:
    def test_works_for_its_owner(self, action, world, ada):
        assert ada.post(address(action, world.shop, world)).status_code == 302

    def test_does_not_exist_for_dan(self, action, world, dan):
        assert dan.post(address(action, world.shop, world)).status_code == 404
        assert dan.post(address(action, world.other_shop, world)).status_code in {302, 404}
        world.sender.refresh_from_db()
        assert world.sender.paused_at is not None

    def test_is_not_for_viewers_or_strangers(self, action, world, vera):
        assert vera.post(address(action, world.shop, world)).status_code == 403
        answer = Client().post(address(action, world.shop, world))
        assert answer.headers["Location"].startswith(reverse("login"))

    def test_is_no_get(self, action, world, ada):
        assert ada.get(address(action, world.shop, world)).status_code == 405


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
