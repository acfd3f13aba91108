"""OPS-2: who may do what. One walk along tests/roles.txt: every address, every role, and those who are no members."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ripresa.console.layout import pages
from ripresa.domain.shops.models import Membership
from tests.rows import make_user
from tests.worlds.addresses import OF_A_SHOP, ROUTES, address
from tests.worlds.roles import ROLES, console

TABLE = console()
NOT_POSSIBLE, NOT_ALLOWED, NOWHERE, ELSEWHERE = 405, 403, 404, 302
SECRETS = ("Cleo", "Ada&#x27;s", "Amarone", "#1012", "Left in the cart")


def ask(client: Client, method: str, target: str, **how) -> HttpResponse:
    """The answer; whatever it did is undone, so that the next one meets the same world."""
    with transaction.atomic():
        answer = getattr(client, method)(target, **how)
        transaction.set_rollback(True)
    return answer


def members(world, as_user) -> dict[str, Client]:
    """A browser of each role, by its letter."""
    known = {"o": world.ada, "v": world.vera}
    browsers = {
        letter: as_user(known.get(letter) or make_user(f"{role}@wines.test", world.shop, role))
        for letter, role in ROLES.items()
    }
    for browser in browsers.values():
        browser.get("/wines/settings/")  # so that each knows the shop it was in latest
    return browsers


def test_every_address_has_its_line():
    assert set(TABLE) == OF_A_SHOP, "give the address a line in tests/roles.txt"


def test_every_role_may_what_the_table_says(world, as_user, monkeypatch):
    full = pages.render
    browsers = members(world, as_user)
    for name, row in TABLE.items():
        target = address(name, world.shop, world)
        for letter, browser in browsers.items():
            # Whole pages are laid out for the owner and the viewer; for the rest, who is let in matters.
            is_seen = letter in "ov"
            monkeypatch.setattr(
                pages, "render", full if is_seen else lambda *_, **__: HttpResponse()
            )
            _look(row, letter, ask(browser, "get", target))
            if row.act != "=" or letter in "ov":
                _act(row, letter, ask(browser, "post", target))


def _look(row, letter, answer) -> None:
    where = f"{row.name}: GET by {ROLES[letter]}"
    allowed = ELSEWHERE if row.answer == "goes" else 200
    expected = NOT_POSSIBLE if row.look == "-" else allowed if letter in row.look else NOT_ALLOWED
    assert answer.status_code == expected, where
    if answer.status_code == allowed:
        assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", ")), where
    if letter == "v":
        assert b"Stop all sending" not in answer.content, where


def _act(row, letter, answer) -> None:
    where = f"{row.name}: POST by {ROLES[letter]}: {answer.status_code}"
    if row.act == "-":
        assert answer.status_code == NOT_POSSIBLE, where
    elif row.act == "=":
        as_get = 200 if letter in row.look else NOT_ALLOWED
        assert answer.status_code in {NOT_POSSIBLE, as_get}, where
    elif row.answer == "own" and letter != "o":
        assert answer.status_code == NOWHERE, where
    elif letter in row.act:
        assert answer.status_code not in {NOT_ALLOWED, NOWHERE, NOT_POSSIBLE}, where
    else:
        assert answer.status_code == NOT_ALLOWED, where


def test_nobody_else_is_let_in(world, as_user, dan):
    root = User.objects.create(username="root@host.test", is_superuser=True, is_staff=True)
    gone = make_user("gone@wines.test", world.shop)
    off = make_user("off@wines.test", world.shop)
    strangers = [dan, as_user(root), as_user(gone)]
    signed_out = [Client(), as_user(off)]
    Membership.objects.filter(user=gone).delete()
    User.objects.filter(id=off.id).update(is_active=False)
    for name, row in TABLE.items():
        target = address(name, world.shop, world)
        method = "post" if row.look == "-" else "get"
        for stranger in strangers:
            answer = ask(stranger, method, target)
            assert answer.status_code == NOWHERE, name
            assert b"Ada" not in answer.content, name
        assert row.act == "-" or ask(dan, "post", target).status_code in {NOWHERE, NOT_POSSIBLE}, (
            name
        )
        for client in signed_out:
            answer = ask(client, method, target)
            assert answer.status_code == ELSEWHERE, name
            assert answer.headers["Location"] == f"{reverse('login')}?next={target}", name


def test_a_signed_out_browser_of_htmx_goes_to_the_login_as_a_whole(world):
    for name in (name for name, row in TABLE.items() if row.look != "-"):
        target = address(name, world.shop, world)
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{target}"}
        answer = ask(Client(), "get", target, headers=headers)
        assert answer.headers["HX-Redirect"] == f"{reverse('login')}?next={target}"
        assert b"Ada" not in answer.content


def test_another_shops_ids_are_nothing_in_ones_own(world, dan):
    for name, row in TABLE.items():
        target = address(name, world.other_shop, world)
        if "_id>" in ROUTES[name] or row.answer == "own":
            for method in {"-": ["post"]}.get(row.look, ["get", "post"]):
                answer = ask(dan, method, target)
                assert answer.status_code in {NOWHERE, NOT_POSSIBLE}, f"{name}: {method}"
            continue
        answer = ask(dan, "post" if row.look == "-" else "get", target)
        for secret in SECRETS:
            assert secret.encode() not in answer.content, name


@pytest.mark.parametrize("letter", ROLES)
def test_nobody_may_act_who_may_not_look_at_the_page_of_it(letter):
    blind = [row.name for row in TABLE.values() if row.look != "-" and letter in row.act]
    assert all(letter in TABLE[name].look for name in blind)
