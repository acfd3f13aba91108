"""What holds on every page: the policy, markup that obeys it, bounded queries, plain error pages."""

import re

from django.test import Client
from django.urls import reverse

from tests.db.console.pages import text_of
from tests.rows import T0, make_user
from tests.world import deal_of, fill
from tests.worlds import audience
from tests.worlds.addresses import address
from tests.worlds.roles import console

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "font-src 'self'", "connect-src 'self'", "frame-src 'self'", "form-action 'self'",
    "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip
ALLOWED = ("/", "#", "?", "data:", "mailto:", "tel:")
SHOP_PAGES = [row.name for row in console().values() if row.look != "-"]
WHOLE_PAGES = [row.name for row in console().values() if row.look != "-" and row.answer == "page"]
# Statements of a page, session and user included, however full the shop is.
MOST = 12
# Tables of no shop, and those of a database session, in which a file of codes is looked at.
OF_NOBODY = {
    "passkey",
    "one_time_secret",
    "signed_in",
    "recovery_code",
    "failed_sign_in",
    "django_session",
    "auth_user",
    "membership",
    "shop",
    "coupon_row",
    "coupon_verdict",
}
# They run the real machinery over a made-up shop: many statements, and a limit of time instead.
REHEARSES = {*audience.REHEARSES, "cart-send", "customer-data", "wizard-try"}


def policy(answer) -> set[str]:
    return {each.strip() for each in answer.headers["Content-Security-Policy"].split(";")}


def test_every_page_obeys_its_own_policy(world, ada):
    for page in [*WHOLE_PAGES, "login", "start"]:
        _check_policy(page, world, ada)


def _check_policy(page, world, ada):
    client, target = (Client(), reverse(page)) if page in {"login", "start"} else (
        ada, address(page, world.shop, world))  # fmt: skip
    answer = client.get(target, follow=True)
    assert policy(answer) == POLICY
    text = answer.content.decode()
    assert not re.search(r"\sstyle=|<style", text)
    assert not re.search(r"\son[a-z]+=", text)
    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL):
        if 'type="application/json"' in script[0]:
            continue  # values for a script: nothing of it runs
        assert 'src="/static/' in script[0]
        assert not script[1].strip()
    for source in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert source.startswith(ALLOWED), source


def test_every_page_asks_the_database_seldom_and_names_the_shop(
    world, ada, django_assert_max_num_queries
):
    fill(world.shop, world.scenario, 60, T0)
    counts = {}
    for page in SHOP_PAGES:
        if page in REHEARSES:
            continue
        target = address(page, world.shop, world)
        ada.get(target)
        with django_assert_max_num_queries(999) as counted:
            ada.get(target)
        counts[page] = len(counted)
        for query in counted:
            tables = re.findall(r'(?:FROM|JOIN) "?([a-z_]+)"?', query["sql"])
            if set(tables) - OF_NOBODY:
                assert "shop_id" in query["sql"], query["sql"]
    assert {page: count for page, count in counts.items() if count > MOST} == {}


def test_every_page_is_sound_html(world, ada):
    for page in WHOLE_PAGES:
        _check_html(page, world, ada)


def _check_html(page, world, ada):
    """One h1, a title, unique ids, labels that point somewhere."""
    text = ada.get(address(page, world.shop, world)).content.decode()
    assert len(re.findall(r"<h1\b", text)) == 1
    assert re.search(r"<title>[^<]{5,}</title>", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:\sfor|aria-labelledby|aria-describedby)="([^"]+)"', text):
        assert set(target.split()) <= set(ids)


class TestErrors:
    def test_404_is_friendly_and_tells_nothing(self, world, ada):
        answer = ada.get("/wines/nothing/")
        assert answer.status_code == 404
        assert b"Nothing here" in answer.content
        assert b"urls" not in answer.content

    def test_403_says_who_may_and_whom_to_ask(self, world, vera, as_user):
        answer = vera.get("/wines/sending/")
        assert answer.status_code == 403
        said = text_of(answer)
        assert "Your role in this shop: Viewer. This may be done by: Owner, Marketer." in said
        assert "Ask: ada@wines.test" in said
        marketer = as_user(make_user("mia@wines.test", world.shop, "marketer"))
        assert "Marketer. This may be done by: Owner." in text_of(marketer.get("/wines/settings/members/"))  # fmt: skip
        note = vera.post(reverse("deal-note", args=["wines", deal_of(world).id]), {"text": "x"})
        assert "This may be done by: Owner, Marketer, Agent." in text_of(note)

    def test_500_shows_no_trace(self, world, as_user, monkeypatch):
        def breaks(*_args, **_kwargs):
            raise RuntimeError("secret detail")

        monkeypatch.setattr("ripresa.console.home.views.look_at", breaks)
        client = as_user(world.ada)
        client.raise_request_exception = False
        answer = client.get("/wines/")
        assert answer.status_code == 500
        assert b"Something went wrong on our side" in answer.content
        assert b"secret detail" not in answer.content

    def test_the_wrong_method_is_refused(self, world, ada):
        assert ada.delete("/wines/sending/").status_code == 405
