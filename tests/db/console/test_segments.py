"""Segments in the console (CMP-1): rows become a file, the count is the query's, nothing in use goes away."""

import re

from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import parse_segment
from tests.db.console.pages import text_of
from tests.worlds.audience import make_segment

HTMX = {"HX-Request": "true"}
LEFT = {
    "name": "Over 50", "0:kind": "all", "0-0:kind": "row", "0-0:field": "abandonment", "0-0:state": "not_recovered",
    "0-0:op1": "gte", "0-0:amount1": "50,00", "0-0:within": "30", "0-0:within-unit": "d",
}  # fmt: skip


def post(ada, where="new/", **more):
    return ada.post(f"/wines/segments/{where}", {**LEFT, **more})


def test_rows_become_a_file_that_means_the_same(world, ada):
    answer = post(ada, do="save", **{
        "0-1:kind": "none", "0-1-0:kind": "row", "0-1-0:field": "country", "0-1-0:value": "de, ch", "0-1-0:op": "in",
        "0-1-1:kind": "row", "0-1-1:field": "last_order", "0-1-1:within": "7", "0-1-1:within-unit": "d",
        "0-2:kind": "row", "0-2:field": "consent.email", "0-2:value": ["granted", "unknown"],
    })  # fmt: skip
    saved = Segment.objects.get(name="Over 50")
    assert answer.headers["Location"] == f"/wines/segments/{saved.id}/"
    wanted = """
name: Over 50
when:
  all:
    - abandonment: {state: not_recovered, value: {gte: "50.00"}, within: 30d}
    - not: {any: [{country: {in: [DE, CH]}}, {last_order: {within: 7d}}]}
    - consent.email: {in: [granted, unknown]}
"""
    read = {
        one: parse_segment(one, file_name="x", currency="EUR").condition
        for one in (wanted, saved.text)
    }
    assert read[wanted] == read[saved.text]
    # And back: the builder shows what the file says, and saving it as it stands changes nothing.
    page = ada.get(f"/wines/segments/{saved.id}/edit/").content.decode()
    assert 'value="DE, CH"' in page
    assert 'value="50.00"' in page


def test_the_count_while_one_edits_is_that_of_the_query(world, ada):
    answer = ada.post("/wines/segments/new/", LEFT, headers=HTMX)
    assert re.search(r'id="live-count">1<', answer.content.decode())  # Ben's cart
    answer = ada.post("/wines/segments/new/", {**LEFT, "0-0:amount1": "much"}, headers=HTMX)
    assert "live-count" not in answer.content.decode()
    cleo = ada.post(
        "/wines/segments/new/",
        {"0:kind": "all", "0-0:kind": "row", "0-0:field": "has_email", "0-0:value": "true", "do": "reach"},
        headers=HTMX,
    )  # fmt: skip
    assert "No consent" in text_of(cleo) or "suppressed" in text_of(cleo)


def test_buttons_change_the_rows_with_and_without_a_script(world, ada):
    added = post(ada, do="add 0")
    assert added.status_code == 200
    assert "Condition 2" in text_of(added)
    grouped = ada.post("/wines/segments/new/", {**LEFT, "do": "group 0"}, headers=HTMX)
    text = grouped.content.decode()
    assert 'name="0-1-0:field"' in text
    assert 'id="people"' in text
    assert "<h1" not in text
    gone = post(ada, do="remove 0-0")
    assert "Add a condition." in text_of(gone)
    assert post(ada, do="remove 7-7").status_code == 200


def test_what_is_wrong_is_said_at_its_field(world, ada):
    answer = post(ada, do="save", **{"0-0:amount1": "fifty", "name": ""})
    assert answer.status_code == 422
    assert "A value looks like 49.90." in text_of(answer)
    assert "It needs a name." in text_of(answer)
    assert not Segment.objects.exists()


def test_as_a_file_it_is_read_word_for_word(world, ada):
    text = "name: Mine\n# why\nwhen: {orders: {gte: 2}}\n"
    answer = ada.post("/wines/segments/new/", {"text": text, "do": "save"})
    saved = Segment.objects.get()
    assert answer.status_code == 302
    assert saved.text == text
    unread = {"text": "name: A\nwhen: {order: 1}\n", "do": "save"}
    wrong = ada.post("/wines/segments/new/", unread)
    assert wrong.status_code == 422
    assert "Line 2" in text_of(wrong)
    ada.cookies["django_language"] = "it"
    wrong = ada.post("/wines/segments/new/", unread)
    assert "when.order chiave sconosciuta; intendevi 'orders'?" in text_of(wrong)
    ada.cookies["django_language"] = "en"
    # What no row can show stays a file.
    odd = make_segment(world.shop, "Odd", "{abandonment: {count: {gte: 1, lte: 4}}}")
    assert 'name="text"' in ada.get(f"/wines/segments/{odd.id}/edit/").content.decode()


def test_what_is_in_use_keeps_its_name_and_stays(world, ada):
    one = make_segment(world.shop, "Used")
    text = "version: 1\nname: Draft\naudience: {segment: Used}\n"
    type(world.written).objects.filter(id=world.written.id).update(text=text)
    answer = ada.get(f"/wines/segments/{one.id}/delete/")
    assert "Come back" in text_of(answer)
    ada.post(f"/wines/segments/{one.id}/delete/")
    assert Segment.objects.filter(id=one.id).exists()
    renamed = post(ada, f"{one.id}/edit/", do="save", name="Other")
    assert renamed.status_code == 422
    assert "It keeps its name" in text_of(renamed)
    type(world.written).objects.all().delete()
    assert post(ada, f"{one.id}/edit/", do="save", name="Other").status_code == 302
    ada.post(f"/wines/segments/{one.id}/delete/")
    assert not Segment.objects.exists()
    make_segment(world.shop, "Taken")
    assert post(ada, do="save", name="Taken").status_code == 422
