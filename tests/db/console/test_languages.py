"""Who reads in which language: her choice, else her browser's, else English."""

import pytest
from django.test import Client

from tests.db.console.pages import text_of
from tests.rows import T0
from tests.world import fill

LOGIN = {"en": "Sign in", "it": "Accedi", "ro": "Autentificare", "ru": "Войти", "de": "Anmelden"}


@pytest.mark.parametrize(("language", "word"), LOGIN.items())
def test_the_browser_chooses_until_somebody_does(language, word, db):
    client = Client(headers={"Accept-Language": f"{language}-XX,fr;q=0.5"})
    answer = client.get("/login/")
    assert word in text_of(answer)
    assert f'<html lang="{language}">' in answer.content.decode()
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    client.post("/language/", {"language": "ro", "next": "/login/"})
    assert "Autentificare" in text_of(client.get("/login/"))


def test_an_unknown_language_is_english(db):
    assert "Sign in" in text_of(Client(headers={"Accept-Language": "fr"}).get("/login/"))


def test_a_choice_leads_back_and_nowhere_else(db):
    answer = Client().post("/language/", {"language": "it", "next": "https://elsewhere.test/"})
    assert answer.headers["Location"] == "/"
    assert answer.cookies["django_language"].value == "it"
    assert "Accedi" in text_of(Client(headers={"Cookie": "django_language=it"}).get("/login/"))


def test_money_days_plurals_and_stages_follow(world, ada):
    fill(world.shop, world.scenario, 60, T0)
    ada.cookies["django_language"] = "ru"
    page = text_of(ada.get(f"/wines/carts/{world.ben_recovered.id}/"))
    assert "Что произошло и почему" in page
    assert "нояб." in page
    assert "79,70 €" in page.replace("\xa0", " ")
    activate = text_of(ada.get(f"/wines/scenarios/{world.draft.id}/activate/"))
    assert "брошен" in activate
    assert "%" not in activate


def test_errors_speak_too_and_the_api_does_not(world, ada):
    ada.cookies["django_language"] = "de"
    assert "Hier ist nichts" in text_of(ada.get("/wines/nothing/"))
    api = Client(headers={"Accept-Language": "de"}).get("/api/v1/carts")
    assert "Accept-Language" not in api.headers.get("Vary", "")
