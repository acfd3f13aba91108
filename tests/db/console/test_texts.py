"""The editor of texts: what is typed is kept, what is wrong is told, the canvas is the mail (MSG-1)."""

from django.test import Client

from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.models import OwnTemplate
from tests.db.console.pages import text_of
from tests.world import World, template_of

HTMX = {"HX-Request": "true"}


def document(world: World):
    return load(OwnTemplate.objects.get(shop=world.shop).document)


def say(client: Client, world: World, slot: str, text: str, language: str = "it"):
    return client.post(
        f"/wines/texts/{template_of(world).id}/say/",
        {"slot": slot, "text": text, "language": language},
        headers=HTMX,
    )


def change(client: Client, world: World, **sent: str):
    return client.post(f"/wines/texts/{template_of(world).id}/change/", sent, headers=HTMX)


def test_one_begins_with_a_shipped_text_and_bad_names_are_told(world, ada):
    answer = ada.post("/wines/texts/", {"name": "Spring", "preset": "last_reminder"}, follow=True)
    assert "spring" in text_of(answer)
    assert "Subject" in text_of(answer)
    for name, problem in (("spring", "of this name already"), ("a b", "small letters")):
        again = ada.post("/wines/texts/", {"name": name})
        assert again.status_code == 422
        assert problem in text_of(again)
    assert "spring" in text_of(ada.get("/wines/texts/"))


def test_words_are_kept_as_they_are_typed_and_the_canvas_asks_again(world, ada):
    answer = say(ada, world, "b1", "Nuovo titolo")
    assert answer.headers["HX-Trigger"] == '{"text-changed": {}}'
    assert b"<textarea" not in answer.content  # nothing takes the cursor away
    canvas = ada.get(f"/wines/texts/{template_of(world).id}/it.html")
    assert "Nuovo titolo" in canvas.content.decode()
    assert "sandbox" in canvas.headers["Content-Security-Policy"]
    assert (
        "Nuovo titolo"
        not in ada.get(f"/wines/texts/{template_of(world).id}/de.html").content.decode()
    )


def test_a_wrong_field_is_named_at_its_block_and_the_canvas_says_so(world, ada):
    answer = say(ada, world, "b1", "Ciao {{ person.nose }}")
    assert answer.status_code == 200  # it is kept: nobody loses a word over a mistake
    assert "Heading : " in text_of(answer)
    assert "person.nose" in text_of(answer)
    canvas = ada.get(f"/wines/texts/{template_of(world).id}/it.html")
    assert "person.nose" in canvas.content.decode()
    assert say(ada, world, "nowhere", "x").status_code == 422


def test_sms_is_counted_as_it_is_typed(world, ada):
    assert "GSM-7: 1 part" in text_of(say(ada, world, "sms", "Ciao {{ links.restore }}"))
    assert "UCS-2: 2 parts" in text_of(say(ada, world, "sms", "ș" * 71))


def test_blocks_are_added_moved_set_and_removed_and_undone(world, ada):
    assert "Image" in text_of(change(ada, world, do="add", kind="image"))
    change(ada, world, do="up", block="b7")
    change(ada, world, do="to", block="b7", to="0")
    change(ada, world, do="set", block="b7", source="https://shop.test/a.png", align="center")
    first = document(world).blocks[0]
    assert (first.id, first.source, first.align) == ("b7", "https://shop.test/a.png", "center")
    assert change(ada, world, do="set", block="b7", link="javascript:x").status_code == 422
    change(ada, world, do="remove", block="b7")
    plain = ada.post(
        f"/wines/texts/{template_of(world).id}/change/", {"do": "undo", "language": "de"}
    )
    assert plain.headers["Location"].endswith("?language=de")
    assert document(world).blocks[0].id == "b7"


def test_the_wizard_offers_it_and_shows_it(world, ada):
    template_of(world)
    design = ada.get(f"/wines/scenarios/drafts/{world.written.id}/design/").content.decode()
    assert '<option value="ours">' in design
    assert ada.get("/wines/previews/ours/email/ro/").status_code == 200
