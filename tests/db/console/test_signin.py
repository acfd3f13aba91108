"""Signing in: a pause after failures, an app's codes, recovery codes, sessions to end, a shop that asks for more."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.test import Client

from ripresa.domain.shops.models import Shop
from ripresa.domain.signin.models import OneTimeSecret, RecoveryCode, SignedIn
from ripresa.usecases.signin import codes
from tests.db.console.pages import text_of
from tests.rows import PASSWORD, T0

ROOM = "/wines/settings/sign-in/"
MINUTE = timedelta(minutes=1)


def sign_in(client, name="ada@wines.test", password=PASSWORD, **how):
    return client.post("/login/", {"username": name, "password": password}, **how)


@pytest.mark.parametrize("name", ["ada@wines.test", "nobody@wines.test"])
def test_failures_bring_a_pause_whoever_it_is(world, name):
    for _ in range(5):
        assert sign_in(Client(), name, "wrong").status_code == 200
    answer = sign_in(Client(), name, PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "Too many tries. Wait 1 minute" in text_of(answer)
    # Another name goes on from the same address.
    assert sign_in(Client(), "vera@wines.test").status_code == 302
    with time_machine.travel(T0 + 2 * MINUTE, tick=False):
        assert sign_in(Client(), name, "wrong").status_code == 200
        assert "Wait 2 minutes" in text_of(sign_in(Client(), name))
    with time_machine.travel(T0 + 5 * MINUTE, tick=False):
        sign_in(Client(), name)
        known = name.startswith("ada")
        # Her success forgets the failures of her name.
        assert [sign_in(Client(), name, "wrong").status_code for _ in range(3)][-1] == (
            200 if known else 429
        )


def test_an_address_that_tries_many_names_pauses_as_well(world):
    for number in range(20):
        sign_in(Client(), f"name{number}@wines.test", "wrong")
    assert sign_in(Client()).status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.9").status_code == 302


def _set_up(ada) -> tuple[pyotp.TOTP, list[str]]:
    """Ada's app, put in force, and its recovery codes."""
    page = ada.get(f"{ROOM}app/").content.decode()
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    app = pyotp.TOTP(secret)
    assert ada.get(f"{ROOM}app/").content.decode().count(secret[:4]) >= 1  # asked again: the same
    assert ada.post(f"{ROOM}app/", {"code": "000000"}).status_code == 422
    shown = text_of(ada.post(f"{ROOM}app/", {"code": app.at(T0)}))
    recovery = re.findall(r"\b[2-9a-z]{5}-[2-9a-z]{5}\b", shown)
    assert len(recovery) == 10
    row = OneTimeSecret.objects.get()
    assert secret.encode() not in bytes(row.sealed)
    assert recovery[0].encode() not in bytes(RecoveryCode.objects.order_by("id")[0].digest)
    return app, recovery


def test_an_app_is_set_up_and_asked_for_and_each_code_works_once(world):
    ada = Client()
    sign_in(ada)
    app, recovery = _set_up(ada)
    with time_machine.travel(T0 + MINUTE, tick=False):
        client, code = Client(), app.at(T0 + MINUTE)
        assert sign_in(client).headers["Location"] == "/login/code/"
        assert client.get("/wines/").status_code == 302  # not in yet
        assert client.post("/login/code/", {"code": "123456"}).status_code == 422
        assert client.post("/login/code/", {"code": code}).headers["Location"] == "/"
        assert client.get("/wines/").status_code == 200
        again = Client()
        sign_in(again)
        assert again.post("/login/code/", {"code": code}).status_code == 422  # once
        assert again.post("/login/code/", {"code": recovery[3].upper()}).status_code == 302
        third = Client()
        sign_in(third)
        assert third.post("/login/code/", {"code": recovery[3]}).status_code == 422
    with time_machine.travel(T0 + 10 * MINUTE, tick=False):
        # The password was right too long ago.
        assert third.post("/login/code/", {"code": recovery[4]}).headers["Location"] == "/login/"
        assert "9 recovery codes are left" in text_of(ada.get(ROOM))
        renewed = text_of(ada.post(f"{ROOM}app/recovery/"))
        assert recovery[4] not in renewed
        assert not codes.is_right(user_id=world.ada.id, code=recovery[4], now=T0 + 10 * MINUTE)
    ada.post(f"{ROOM}app/remove/")
    assert sign_in(Client()).headers["Location"] == "/"


def test_codes_are_guessed_no_more_often_than_passwords(world):
    begun = codes.begin(user_id=world.ada.id, name="ada")
    assert codes.confirm(user_id=world.ada.id, code=pyotp.TOTP(begun.secret).at(T0), now=T0)
    client = Client()
    sign_in(client)
    tries = [client.post("/login/code/", {"code": f"{number:06}"}) for number in range(6)]
    assert [answer.status_code for answer in tries] == [422] * 5 + [429]
    assert sign_in(Client()).status_code == 429


def test_a_shop_that_asks_for_a_second_factor_opens_with_one(world):
    ada = Client()
    sign_in(ada)
    assert ada.post("/wines/settings/members/rules/", {"second_factor": "yes"}).status_code == 302
    assert Shop.objects.get(id=world.shop.id).second_factor
    assert ada.get("/wines/carts/").headers["Location"] == ROOM
    assert "set one up here" in text_of(ada.get(ROOM))
    ada.get(f"{ROOM}app/")
    row = OneTimeSecret.objects.get()
    ada.post(f"{ROOM}app/", {"code": pyotp.TOTP(codes._open(row)).at(T0)})
    assert ada.get("/wines/carts/").status_code == 200
    ada.post(f"{ROOM}app/remove/")
    assert ada.get("/wines/carts/").headers["Location"] == ROOM


def test_sessions_are_listed_and_ended(world):
    here, there, elsewhere = Client(), Client(), Client()
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"
    for client in (here, there, elsewhere):
        sign_in(client, headers={"User-Agent": agent})
    assert text_of(here.get(ROOM)).count("Chrome · Linux") == 3
    theirs = SignedIn.objects.get(session_key=there.session.session_key)
    here.post(f"{ROOM}sessions/{theirs.id}/end/")
    assert there.get("/wines/").status_code == 302
    assert elsewhere.get("/wines/").status_code == 200
    here.post(f"{ROOM}sessions/end/")
    assert elsewhere.get("/wines/").status_code == 302
    assert here.get("/wines/").status_code == 200
    vera = Client()
    sign_in(vera, "vera@wines.test")
    own = SignedIn.objects.get(session_key=here.session.session_key)
    assert vera.post(f"{ROOM}sessions/{own.id}/end/").status_code == 404
    with time_machine.travel(T0 + 11 * MINUTE, tick=False):
        here.get("/wines/")
    own.refresh_from_db()
    assert own.seen_at == T0 + 11 * MINUTE
    here.post("/logout/")
    assert not SignedIn.objects.filter(id=own.id).exists()
