"""A name of 400 letters is refused with the limit said: nothing is cut off, nothing is changed."""

import json

import pytest
from django.urls import reverse

from ripresa.domain.deals.models import Agent
from ripresa.domain.segments.models import Segment
from tests.db.console.pages import text_of

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
    assert SAID in json.loads(answer.headers["HX-Trigger"])["told"]["words"]
