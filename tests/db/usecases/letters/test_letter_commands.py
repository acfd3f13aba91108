"""`ripresa letter`: preview, pictures, what comes back, cancel."""

import json

import pytest

from ripresa.domain.contacts.models import Suppression
from ripresa.domain.coupons.pools import create_pool
from ripresa.domain.messages import links
from ripresa.domain.messages.models import Message
from ripresa.entrypoints.cli.problem import Problem
from tests.commands import commands
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world
from tests.db.usecases.letters.test_letters_leave_and_come_back import TWO, left
from tests.letters import ReadBack, small_png

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(address="Via Po 2\n10121 Torino", language="it")


@pytest.fixture
def ripresa(world, monkeypatch):
    """Run a command of `ripresa letter` on the world's clock; a problem is raised as it is."""
    monkeypatch.setattr(links, "own_letterhead", lambda: LETTERHEAD)
    run = commands(monkeypatch, lambda: world.now, shop=world.shop.slug)
    return lambda *words: run("letter", *words).stdout


def test_a_letter_can_be_looked_at_before_anything_is_sent(ripresa, tmp_path, world):
    file = tmp_path / "letter.pdf"
    assert "letter.pdf" in ripresa("preview", "-o", file)
    read = ReadBack(file.read_bytes())
    assert "Hai lasciato qualcosa nel carrello" in read.text()
    assert "Via Po 2" in read.text()
    ripresa(
        "preview", "-o", file, "--template", "thank_you", "--language", "de", "--window", "us-10",
        "--country", "de", "--coupon", "DANKE10",
    )  # fmt: skip
    read = ReadBack(file.read_bytes())
    assert read.size_mm() == (215.9, 279.4)
    for said in ("Danke für Ihre Bestellung", "DANKE10", "10969 BERLIN", "GERMANY"):
        assert said in read.text()
    assert not Message.objects.filter(shop_id=world.shop_id).exists()


def test_what_a_scenario_sends_is_shown_as_it_sends_it(ripresa, tmp_path, world):
    create_pool(shop_id=world.shop_id, name="spring", code="BACK", now=T0)
    world.scenario(
        steps="  - {id: mail, after: 0h, send: [email], template: reminder}\n"
        "  - {id: post, after: 3d, send: [letter], template: last_reminder, coupon: {pool: spring}}\n",
        more="languages: {default: it, list: [it, de]}",
    )  # fmt: skip
    file = tmp_path / "letter.pdf"
    ripresa("preview", "-o", file, "--scenario", "Left", "--language", "de-AT")
    text = ReadBack(file.read_bytes()).text()
    assert "Ein letztes Wort zu Ihrem Warenkorb" in text
    assert "SAMPLE-2468" in text
    ripresa("preview", "-o", file, "--scenario", "Left", "--step", "post", "--language", "fr")
    assert "Un’ultima nota sul tuo carrello" in ReadBack(file.read_bytes()).text()
    for wrong, words in (("mail", "there are: post"), ("nosuch", "there are: post")):
        with pytest.raises(Problem, match=words):
            ripresa("preview", "-o", file, "--scenario", "Left", "--step", wrong)
    with pytest.raises(Problem, match="there are: Left"):
        ripresa("preview", "-o", file, "--scenario", "Other")


def test_a_letter_of_ones_own_too_and_its_mistakes_by_line(ripresa, tmp_path):
    source, file = tmp_path / "own.yaml", tmp_path / "own.pdf"
    source.write_text("subject: Ciao\nblocks:\n  - text: Come va?\n", "utf-8")
    ripresa("preview", "-o", file, "--file", source)
    assert "Come va?" in ReadBack(file.read_bytes()).text()
    source.write_text("subject: Ciao\nblocks:\n  - text: '{{ nosuch }}'\n", "utf-8")
    with pytest.raises(Problem, match="line 3"):
        ripresa("preview", "-o", file, "--file", source)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--window", "c4"), "din-b"),
        (("--template", "nosuch"), "nosuch"),
        (("--language", "fr"), "fr"),
        (("--file", "/nowhere.yaml"), "no file"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(ripresa, tmp_path, words, why):
    with pytest.raises(Problem, match=why):
        ripresa("preview", "-o", tmp_path / "x.pdf", *words)


def test_pictures_come_and_go(ripresa, tmp_path):
    file = tmp_path / "logo.png"
    file.write_bytes(small_png())
    assert "image/png" in ripresa("picture", "add", file, "--name", "logo")
    ripresa("picture", "add", file, "--name", "logo")
    assert json.loads(ripresa("picture", "list", "--json")) == [
        {"name": "logo", "type": "image/png"}
    ]
    ripresa("picture", "remove", "logo")
    assert ripresa("picture", "list") == ""
    with pytest.raises(Problem, match="logo"):
        ripresa("picture", "remove", "logo")
    with pytest.raises(Problem, match="no PDF"):
        ripresa("picture", "add", file, "--name", "background")


def test_what_came_back_and_what_is_cancelled(ripresa, world):
    left(world, TWO)
    world.run_until(T0 + 2 * DAY)
    planned = Message.objects.get(shop_id=world.shop_id, state="planned")
    assert "cancelled" in ripresa("cancel", planned.id)
    with pytest.raises(Problem, match="cancelled"):
        ripresa("cancel", planned.id)
    code = world.letters.mails[0].code
    assert "1 letter taken down" in ripresa("returned", code)
    assert Suppression.objects.filter(shop_id=world.shop_id, channel="letter").count() == 1
    assert "1 letter taken down" in ripresa("optout", code)
    with pytest.raises(Problem, match="nosuch"):
        ripresa("returned", "nosuch")
