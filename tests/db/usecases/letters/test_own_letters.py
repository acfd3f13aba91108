"""A letter of the shop's own, from the editor to the paper, and which state of it was sent (MSG-1)."""

import pytest

from ripresa.domain.media import library
from ripresa.domain.media.addresses import key_of
from ripresa.domain.messages.models import Decision
from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.templates import edit_template, own_templates
from ripresa.usecases.templates.brand import change_brand
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.letters import ReadBack
from tests.worlds.texts import painted

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Ada Rossi", "lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma", "country": "IT"}  # fmt: skip
STEPS = "  - {id: first, after: 0h, send: [letter], template: ours}\n"
WHO = {"who": "ada@wines.test", "now": T0}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def template(world):
    return own_templates.begin(shop=world.shop, name="ours", preset="reminder", **WHO)


def ids(template) -> dict[str, str]:
    return {block.kind: block.id for block in load(template.document).letter}


def test_what_the_shop_wrote_is_printed_in_its_looks_and_the_trail_names_the_version(
    world, template
):
    logo = library.keep(shop_id=world.shop_id, name="logo.png", content=painted(), **WHO)
    change_brand(shop=world.shop, said={"logo": key_of(logo).text, "accent": "#a3223c"}, **WHO)
    edit_template.say(
        template=template, language="en", slot=ids(template)["paragraphs"],
        text='Dear {{ person.first_name | default("friend") }},\n\nthe wine waits for you.', **WHO,
    )  # fmt: skip
    edit_template.set_block(
        template=template, block_id=ids(template)["signature"],
        settings={"media": key_of(logo).text}, **WHO,
    )  # fmt: skip
    world.scenario(steps=STEPS)
    world.cart(world.contact(address=ADDRESS, consent_letter="granted", first_name="Ada"))
    world.run_until(T0 + 2 * DAY)
    (letter,) = world.letters.mails
    paper = ReadBack(letter.pdf)
    assert "Dear Ada," in paper.text()
    assert "the wine waits for you." in paper.text()
    heights = [round(box.height) for box in paper.inked()]
    assert 18 in heights  # the logo
    assert 14 in heights  # the signature
    sent = Decision.objects.get(shop_id=world.shop_id, outcome="sent")
    assert (sent.facts["text"], sent.facts["text_version"]) == ("ours", template.revision)


def test_a_letter_begins_with_a_shipped_one_speaks_every_language_and_can_be_taken_back(
    world, template
):
    texts = Texts(world.shop_id)
    assert texts.languages("ours", "letter") == {"de", "en", "it", "ro", "ru"}
    for block_id in ids(template).values():
        edit_template.remove_block(template=template, block_id=block_id, **WHO)
    assert Texts(world.shop_id).languages("ours", "letter") == frozenset()
    assert "letter" not in next(
        one.channels for one in Texts(world.shop_id).list_all() if one.name == "ours"
    )
    before = load(template.document)
    own_templates.begin_letter(template=template, preset="thank_you", **WHO)
    assert set(ids(template)) == {"paragraphs", "coupon", "signature"}
    assert not set(ids(template).values()) & {one.id for one in before.walk()}
    assert Texts(world.shop_id).speaks("ours", "letter", "ru")
    assert edit_template.take_back(template=template, **WHO)
    assert load(template.document) == before
