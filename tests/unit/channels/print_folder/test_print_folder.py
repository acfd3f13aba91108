"""The folder that a merchant prints from: what lies in it, and what is read of it."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest

from ripresa.channels.print_folder.provider import PROVIDER
from ripresa.contracts.channel import Accepted, HasPrices, Refused
from ripresa.contracts.feedback import FeedbackKind
from ripresa.contracts.letters.abilities import HasWindow, TellsWhenAsked
from ripresa.contracts.provider import BadSettings
from ripresa.core.money import Money
from ripresa.domain.templates.letters.setting import set_letters
from tests.letters import paper, preset, sheet
from tests.outgoing import ADDRESS, a_letter, blank_pdf

LONG_ENOUGH = timedelta(minutes=1)


def folder_of(path, **settings):
    return PROVIDER.open(PROVIDER.complete({"folder": str(path), **settings}))


def names(path):
    return sorted(one.name for one in path.iterdir())


def test_a_batch_is_one_pdf_with_its_list(tmp_path):
    letters = [a_letter(1), a_letter(2, pages=2, pdf=blank_pdf(2)), a_letter(3)]
    fates = folder_of(tmp_path).send(letters, timeout=LONG_ENOUGH)
    (receipt,) = {fate.receipt for fate in fates if isinstance(fate, Accepted)}
    assert names(tmp_path) == [f"{receipt}.{end}" for end in ("csv", "json", "pdf")]
    with pikepdf.open(tmp_path / f"{receipt}.pdf") as pdf:
        assert len(pdf.pages) == 4
    listed = json.loads((tmp_path / f"{receipt}.json").read_text("utf-8"))["letters"]
    assert [(row["first_page"], row["pages"], row["key"]) for row in listed] == [
        (1, 1, "l1"), (2, 2, "l2"), (4, 1, "l3"),
    ]  # fmt: skip
    text = (tmp_path / f"{receipt}.csv").read_text("utf-8-sig")
    assert [row["code"] for row in csv.DictReader(io.StringIO(text))] == ["AAAAA-AAAAA"] * 3


def test_printed_on_both_sides_no_letter_begins_on_the_back_of_another(tmp_path):
    letters = [a_letter(1), a_letter(2, pages=2, pdf=blank_pdf(2)), a_letter(3)]
    (accepted, *_) = folder_of(tmp_path, duplex="yes").send(letters, timeout=LONG_ENOUGH)
    listed = json.loads((tmp_path / f"{accepted.receipt}.json").read_text("utf-8"))["letters"]
    assert [row["first_page"] for row in listed] == [1, 3, 5]


def test_two_batches_are_two(tmp_path):
    channel = folder_of(tmp_path)
    channel.send([a_letter(1)], timeout=LONG_ENOUGH)
    channel.send([a_letter(2)], timeout=LONG_ENOUGH)
    assert len(list(tmp_path.glob("*.pdf"))) == 2


def test_a_folder_that_is_away_is_a_passing_trouble(tmp_path):
    away = tmp_path / "share"
    away.mkdir()
    channel = folder_of(away)
    away.rmdir()
    (fate,) = channel.send([a_letter(1)], timeout=LONG_ENOUGH)
    assert isinstance(fate, Refused)
    assert not fate.permanent


def test_fonts_are_kept_once_a_batch(tmp_path):
    printed = set_letters([sheet(preset())] * 20, paper())
    letters = [a_letter(n, pdf=one.pdf, pages=one.pages) for n, one in enumerate(printed)]
    (accepted, *_) = folder_of(tmp_path).send(letters, timeout=LONG_ENOUGH)
    whole = (tmp_path / f"{accepted.receipt}.pdf").stat().st_size
    assert whole < sum(len(letter.pdf) for letter in letters) / 2


def test_what_a_letter_costs_is_known_before(tmp_path):
    channel = folder_of(
        tmp_path, page_cost="0.04", postage="0.95", postage_abroad="1.25", country="IT"
    )
    assert isinstance(channel, HasPrices | HasWindow)
    abroad = replace(ADDRESS, country="DE")
    letters = [a_letter(1), a_letter(2, pages=3), a_letter(3, recipient=abroad)]
    assert channel.prices(letters, timeout=LONG_ENOUGH) == [
        Money(99, "EUR"), Money(107, "EUR"), Money(129, "EUR"),
    ]  # fmt: skip


def test_a_list_that_is_moved_to_posted_says_so_once(tmp_path):
    channel = folder_of(tmp_path)
    assert isinstance(channel, TellsWhenAsked)
    (accepted, _) = channel.send([a_letter(1), a_letter(2)], timeout=LONG_ENOUGH)
    assert channel.hear() == []
    posted = tmp_path / "posted"
    posted.mkdir()
    (tmp_path / f"{accepted.receipt}.json").replace(posted / f"{accepted.receipt}.json")
    told = channel.hear()
    assert [(one.kind, one.message_key) for one in told] == [
        (FeedbackKind.DELIVERED, "l1"), (FeedbackKind.DELIVERED, "l2"),
    ]  # fmt: skip
    assert all(one.occurred_at > datetime(2020, 1, 1, tzinfo=UTC) for one in told)
    assert [one.event_id for one in channel.hear()] == [one.event_id for one in told]
    late = posted / "late.json"
    late.write_text('{"letters": [{"key": "l9"}]}', "utf-8")
    channel.heard()
    assert [one.message_key for one in channel.hear()] == ["l9"]
    assert names(posted / "read") == [f"{accepted.receipt}.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"letters": [{}]}', '{"letters": 3}'])
def test_what_is_no_list_is_left_where_it_is(tmp_path, text):
    (tmp_path / "posted").mkdir()
    (tmp_path / "posted" / "notes.json").write_text(text, "utf-8")
    channel = folder_of(tmp_path)
    assert channel.hear() == []
    channel.heard()
    assert names(tmp_path / "posted") == ["notes.json"]


def test_no_cell_of_the_list_is_a_formula(tmp_path):
    letter = a_letter(1, address_lines=("=HYPERLINK(1)", "Via Roma 1"))
    (accepted,) = folder_of(tmp_path).send([letter], timeout=LONG_ENOUGH)
    text = (tmp_path / f"{accepted.receipt}.csv").read_text("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["address"].startswith("'=")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"folder": "relative"}, "folder"),
        ({"folder": "/nowhere/at/all"}, "folder"),
        ({"window": "c4"}, "window"),
        ({"duplex": "maybe"}, "duplex"),
        ({"postage": "free"}, "postage"),
        ({"page_cost": "-1"}, "page_cost"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, settings, named):
    with pytest.raises(BadSettings, match=named):
        PROVIDER.open(PROVIDER.complete({"folder": str(tmp_path), **settings}))
