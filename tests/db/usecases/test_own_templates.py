"""Own templates (MSG-1): blocks with a layer of words for each language, from editing to what is sent."""

import pytest

from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.replay.asking import try_sample
from ripresa.usecases.replay.sample import Sample
from ripresa.usecases.scenarios.publish_scenario import check_scenario, publish_scenario
from ripresa.usecases.templates import edit_template, own_templates
from ripresa.usecases.templates.brand import change_brand
from ripresa.usecases.templates.edit_template import NotATemplate
from ripresa.usecases.templates.own_templates import NameTaken
from ripresa.usecases.templates.preview_message import sample_context
from ripresa.usecases.templates.template_faults import faults
from tests.rows import T0
from tests.world import World, build_world

WHO = {"who": "ada@wines.test", "now": T0}


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def template(world):
    return own_templates.begin(shop=world.shop, name="ours", preset="reminder", **WHO)


def mail(world, language="it") -> str:
    context = sample_context(world.shop, language, T0)
    return Texts(world.shop.id).render("ours", "email", language, context).html


def test_a_new_one_speaks_every_language_in_mail_and_sms(world, template):
    texts = Texts(world.shop.id)
    assert texts.languages("ours", "email") == {"de", "en", "it", "ro", "ru"}
    assert texts.languages("ours", "sms") == {"de", "en", "it", "ro", "ru"}
    said = mail(world)
    for part in ("Tutto come", "Ciao Ada", "Barolo DOCG 2019", "BACK10", "Torna al carrello"):
        assert part in said
    assert all(faults(load(template.document), one) == {} for one in ("it", "ru"))


def test_words_are_words_whatever_is_typed_and_marks_become_markup(world, template):
    text = 'Half < price & "more"\n\n**Now** or [see](https://shop.test/?a=1)\n[[unsubscribe]] <script>'
    edit_template.say(template=template, language="it", slot="b2", text=text, **WHO)
    said = mail(world)
    assert "Half &lt; price &amp;" in said
    assert "<strong>Now</strong>" in said
    assert 'href="https://shop.test/?a=1"' in said
    assert "<script>" not in said
    assert "unsubscribe]]" in said


def test_the_way_out_is_in_every_mail_even_an_empty_one(world, template):
    for block in load(template.document).blocks[1:]:
        edit_template.remove_block(template=template, block_id=block.id, **WHO)
    assert "preview.invalid/u/1" in mail(world)


def test_merge_fields_are_checked_and_fall_back(world, template):
    edit_template.say(
        template=template, language="it", slot="b1",
        text='Ciao {{ person.first_name | default("amico") }}', **WHO,
    )  # fmt: skip
    assert "Ciao Ada" in mail(world)
    edit_template.say(template=template, language="it", slot="b1", text="{{ person.nose }}", **WHO)
    assert "person.nose" in faults(load(template.document), "it")["b1"]
    assert not Texts(world.shop.id).speaks("ours", "email", "it")
    assert Texts(world.shop.id).speaks("ours", "email", "de")


def test_blocks_come_move_and_go_and_each_change_is_taken_back_and_done_again(world, template):
    before = load(template.document)
    new = edit_template.add_block(template=template, kind="image", **WHO)
    edit_template.move_block(template=template, block_id=new, to=0, **WHO)
    edit_template.set_block(
        template=template, block_id=new, settings={"source": "https://shop.test/a.png"}, **WHO
    )
    edit_template.say(template=template, language="it", slot=new, text='A "cork"', **WHO)
    assert load(template.document).blocks[0].id == new
    said = mail(world)
    assert "https://shop.test/a.png" in said
    assert "A &quot;cork&quot;" in said or "A &#34;cork&#34;" in said
    last = load(template.document)
    for _ in range(4):
        assert edit_template.take_back(template=template, **WHO)
    assert load(template.document) == before
    for _ in range(4):
        assert edit_template.do_again(template=template, **WHO)
    assert load(template.document) == last
    assert not edit_template.do_again(template=template, **WHO)
    for _ in range(4):
        assert edit_template.take_back(template=template, **WHO)
    edit_template.do_again(template=template, **WHO)
    edit_template.add_block(template=template, kind="divider", **WHO)
    assert not edit_template.do_again(template=template, **WHO)  # what was taken back is over
    for _ in range(2):
        assert edit_template.take_back(template=template, **WHO)
    assert not edit_template.take_back(template=template, **WHO)


def test_what_makes_no_sense_is_refused(world, template):
    for name in ("", "Ours", "a b", "x" * 61):
        with pytest.raises(NotATemplate):
            own_templates.begin(shop=world.shop, name=name, preset="reminder", **WHO)
    for name in ("ours", "reminder"):
        with pytest.raises(NameTaken):
            own_templates.begin(shop=world.shop, name=name, preset="reminder", **WHO)
    for link in ("javascript:alert(1)", 'https://x.test/"><img'):
        with pytest.raises(NotATemplate):
            edit_template.set_block(
                template=template, block_id="b5", settings={"link": link}, **WHO
            )
    with pytest.raises(NotATemplate):
        edit_template.say(template=template, language="fr", slot="b1", text="x", **WHO)


def test_of_two_who_write_at_once_neither_loses_a_word(world, template):
    same = own_templates.find_template(world.shop.id, template.id)
    edit_template.say(template=template, language="it", slot="b1", text="one", **WHO)
    edit_template.say(template=same, language="it", slot="b6", text="two", **WHO)
    said = load(same.document).said("it")
    assert (said["b1"], said["b6"]) == ("one", "<p>two</p>")


def test_a_scenario_sends_it_and_no_other_shop_can(world, template):
    edit_template.say(template=template, language="it", slot="subject", text="Il tuo vino", **WHO)
    text = (
        "version: 1\nname: Own\ntrigger: {on: cart, idle: 1h}\nlegal_basis: consent\n"
        "languages: {mode: single, default: it}\n"
        "steps:\n  - {id: first, after: 0h, send: [email, sms], template: ours}\n"
    )
    made = publish_scenario(shop_id=world.shop.id, text=text, file_name="x", now=T0)
    plan = check_scenario(text, file_name="x", shop=world.shop)
    sample = Sample(89, "EUR", "it", "IT", phone="+393331234567")
    lines = try_sample(shop=world.shop, plan=plan, sample=sample, now=T0, tick=lambda _now: None)
    assert {(one.channel, one.outcome) for one in lines} >= {("email", "sent")}
    assert "Il tuo vino" in {one.subject for one in lines}
    assert made.is_new_version
    assert Texts(world.other_shop.id).find("ours", "email", "it") is None


def test_shipped_mails_take_the_look_of_the_shop_once_it_has_one(world):
    def shipped() -> str:
        context = sample_context(world.shop, "it", T0)
        return Texts(world.shop.id).render("reminder", "email", "it", context).html

    before = shipped()
    change_brand(shop=world.shop, said={"button": "#1f6f5c", "company": "Bottega <1>"}, **WHO)
    after = shipped()
    assert "#1f6f5c" not in before
    assert "#1f6f5c" in after
    assert "Bottega &lt;1&gt;" in after
