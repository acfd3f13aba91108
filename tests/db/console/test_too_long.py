"""A name of 400 letters is refused with the limit said: nothing is cut off, nothing is changed."""

import json

import pytest
from django.urls import reverse

from ripresa.domain.deals.models import Agent
from ripresa.domain.segments.models import Segment
from tests.db.console.pages import text_of
from tests.db.console.test_settings import SHOP

LONG = "a" * 400
SAID = "At most 200 characters; these are 400."


@pytest.mark.parametrize(
    ("name", "table", "form"),
    [
        ("segment-new", Segment, {"do": "save", "0:kind": "all"}),
        ("agents", Agent, {"email": "gil@wines.test"}),
    ],
)
def test_a_form_says_so_on_a_page_of_its_own(name, table, form, world, ada):
    before = table.objects.count()
    answer = ada.post(reverse(name, args=["wines"]), {"name": LONG, **form})
    assert answer.status_code == 422
    assert SAID in text_of(answer)
    assert "Go back: what you typed still stands there" in text_of(answer)
    assert table.objects.count() == before


def test_a_piece_of_a_page_stays_and_the_words_stand_above_it(world, ada):
    target = reverse("segment-new", args=["wines"])
    headers = {"HX-Request": "true"}
    answer = ada.post(target, {"name": LONG, "0:kind": "all"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (422, "none")
    assert SAID in json.loads(answer.headers["HX-Trigger-After-Swap"])["told"]["words"]


def test_a_list_is_not_cut_in_the_middle_of_a_word(world, ada):
    row = {"0-0:kind": "row", "0-0:field": "country", "0-0:op": "in"}
    listed = ", ".join(["DE"] * 1250)
    asked = {"do": "save", "name": "Many", "0:kind": "all", **row, "0-0:value": listed}
    answer = ada.post(reverse("segment-new", args=["wines"]), asked)
    assert answer.status_code == 422
    assert "At most 4000 characters; these are 4998." in text_of(answer)


def test_an_address_is_not_cut(world, ada):
    form = {"name": "crm", "url": "https://crm.wines.example/" + "x" * 2000, "types": ["order.*"]}
    answer = ada.post(reverse("settings-webhooks", args=["wines"]), form)
    assert "At most 2000 characters; these are 2026." in text_of(answer)


def test_hosts_are_all_kept_however_many(world, ada):
    hosts = [f"shop-{number:02}.wines.example" for number in range(60)]
    page, form = reverse("settings", args=["wines"]), SHOP | {"hosts": "\n".join(hosts)}
    wrong = ada.post(page, form | {"owner_email": "x"})
    assert wrong.status_code == 422
    assert all(host in text_of(wrong) for host in hosts)
    assert ada.post(page, form).status_code == 302
    world.shop.refresh_from_db()
    assert world.shop.hosts == hosts
    long = ada.post(page, form | {"hosts": "x" * 5001})
    assert "At most 5000 characters; these are 5001." in text_of(long)
