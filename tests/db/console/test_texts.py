"""The editor of texts: what is typed is kept, what is wrong is told, the canvas is the mail (MSG-1)."""

import re
from email import message_from_bytes
from email.policy import default

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ripresa.core.ids import new_id
from ripresa.domain.messages import links
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import dump, load
from ripresa.domain.templates.blocks.kits import look_of
from ripresa.domain.templates.models import OwnTemplate, SavedBlock
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.templates import edit_template
from ripresa.usecases.templates.template_faults import faults
from ripresa.usecases.trials.try_text import MOST_PER_HOUR
from tests.db.console.pages import text_of
from tests.rows import T0
from tests.smtp_sink import SinkServer
from tests.world import World, template_of
from tests.worlds.texts import painted, picture_of

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
    for name, problem in (("spring", "of this name already"), ("a/b", "small letters")):
        again = ada.post("/wines/texts/", {"name": name})
        assert again.status_code == 422
        assert problem in text_of(again)
    assert "spring" in text_of(ada.get("/wines/texts/"))
    as_people_write = ada.post("/wines/texts/", {"name": "Welcome  back"}, follow=True)
    assert "welcome-back" in text_of(as_people_write)


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


def test_nothing_typed_into_a_text_is_cut_off(world, ada):
    own = template_of(world)
    at = f"/wines/texts/{own.id}/"
    before = document_of(own.name)
    say = {"language": "it", "slot": "preheader", "text": "a" * 5_001}
    assert "At most 5000 characters; these are 5001." in text_of(
        ada.post(f"{at}say/", say, headers=HTMX)
    )
    product = ada.post(f"{at}change/", {"do": "add", "kind": "product"}, headers=HTMX)
    (block,) = [each.id for each in document_of(own.name).blocks if each.kind == "product"]
    assert product.status_code == 200
    priced = {"do": "set", "block": block, "product": "own", "price": "1" * 61}
    answer = ada.post(f"{at}change/", priced, headers=HTMX)
    assert "At most 60 characters; these are 61." in text_of(answer)
    assert document_of(own.name).said("it") == before.said("it")
    answer = ada.post("/wines/texts/brand/", {"company": "b" * 301})
    assert "At most 300 characters; these are 301." in text_of(answer)
    assert look_of(world.shop.id).brand.company == ""


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


def test_links_of_a_short_message_count_as_long_as_those_that_leave(world, ada, monkeypatch):
    """However long the install's address is: 27 characters of a made-up one would hide a second part."""
    monkeypatch.setenv("RIPRESA_PUBLIC_URL", "https://recover.a-shop-with-a-long-name.example")
    message = new_id(T0)
    link = own_letterhead().url(links.RESTORE, world.shop.id, message, is_short=True)
    words = "a" * (161 - len(link))
    assert "161 characters, GSM-7: 2 parts" in text_of(
        say(ada, world, "sms", words + "{{ links.restore }}")
    )
    text = template_of(world)
    seen = text_of(ada.get(f"/wines/previews/{text.name}/sms/it/"))
    assert "161 characters, GSM-7: 2 parts" in seen


def test_a_typed_address_counts_as_it_leaves(world, ada, monkeypatch):
    monkeypatch.setenv("RIPRESA_SHORT_URL", "https://go.test")
    long = f"https://wines.test/{'a' * 150}"
    assert "2 parts" in text_of(say(ada, world, "sms", f"Ciao {long}"))
    Shop.objects.filter(id=world.shop.id).update(track_clicks=True)
    short = own_letterhead().short_click_url(world.shop.id, links.NO_MESSAGE, 0)
    said = text_of(say(ada, world, "sms", f"Ciao {long}"))
    assert f"{5 + len(short)} characters, GSM-7: 1 part · Ciao {short}" in said
    seen = ada.get(f"/wines/previews/{template_of(world).name}/sms/it/").content.decode()
    assert short in seen
    assert long not in seen


def test_blocks_are_added_moved_set_and_removed_and_undone(world, ada):
    assert "Image" in text_of(change(ada, world, do="add", kind="image"))
    change(ada, world, do="up", block="b12")
    change(ada, world, do="to", block="b12", to="0")
    change(ada, world, do="set", block="b12", source="https://shop.test/a.png", align="center")
    first = document(world).blocks[0]
    assert (first.id, first.source, first.align) == ("b12", "https://shop.test/a.png", "center")
    assert change(ada, world, do="set", block="b12", link="javascript:x").status_code == 422
    change(ada, world, do="remove", block="b12")
    plain = ada.post(
        f"/wines/texts/{template_of(world).id}/change/", {"do": "undo", "language": "de"}
    )
    assert plain.headers["Location"].endswith("?language=de")
    assert document(world).blocks[0].id == "b12"


def test_the_wizard_offers_it_and_shows_it(world, ada):
    template_of(world)
    design = ada.get(f"/wines/scenarios/drafts/{world.written.id}/design/").content.decode()
    assert '<option value="ours">' in design
    assert ada.get("/wines/previews/ours/email/ro/").status_code == 200


def test_the_wizard_shows_each_message_channel_and_language_and_what_is_missing(world, ada):
    page = f"/wines/scenarios/drafts/{world.written.id}/design/"
    first = ada.get(page)
    assert "As it will read" in text_of(first)
    assert "Make it mine" in text_of(first)
    assert "words are missing" not in text_of(first)
    edit_template.say(
        template=template_of(world), language="it", slot="b1", text="", who="ada", now=T0
    )
    draft = world.written
    text = draft.text.replace("template: reminder", "template: ours", 1)
    type(draft).objects.filter(id=draft.id).update(text=text)
    lacking = ada.get(f"{page}?language=it&channel=email")
    assert "words are missing" in text_of(lacking)
    assert f"/wines/texts/{template_of(world).id}/?language=it" in lacking.content.decode()


def test_pictures_come_into_blocks_and_the_mail_shows_them_under_our_address(world, ada):
    sent = SimpleUploadedFile("a.png", painted(900, 300))
    where = f"/wines/texts/{template_of(world).id}/pictures/upload/"
    answer = ada.post(where, {"file": sent, "language": "it"}, headers=HTMX)
    assert 'data-opened="b12"' in answer.content.decode()
    block = document(world).blocks[-1]
    say(ada, world, block.id, "Una bottiglia")
    canvas = ada.get(f"/wines/texts/{template_of(world).id}/it.html").content.decode()
    assert f'src="http://testserver/m/{block.media}"' in canvas
    assert "mark-b12" in canvas
    assert 'alt="Una bottiglia"' in canvas
    wrong = ada.post(where, {"file": SimpleUploadedFile("a.svg", b"<svg/>")}, headers=HTMX)
    assert wrong.status_code == 422
    assert "SVG" in text_of(wrong)
    library = ada.get(f"/wines/texts/{template_of(world).id}/pictures/b12/").content.decode()
    assert f'value="{block.media}"' in library
    assert change(ada, world, do="set", block="b12", media="1/x").status_code == 422


def test_columns_copies_and_saved_blocks(world, ada):
    change(ada, world, do="add", kind="columns", after="b1")
    change(ada, world, do="add", kind="text", parent="b12", cell="1")
    say(ada, world, "b13", "<p>Right <script>x</script></p>")
    assert document(world).blocks[1].cells[1][0].id == "b13"
    refused = change(ada, world, do="add", kind="cart", parent="b12", cell="0")
    assert "whole width" in text_of(refused)
    change(ada, world, do="copy", block="b12")
    copy = document(world).blocks[2]
    assert document(world).said("it")[copy.cells[1][0].id] == "<p>Right </p>"
    change(ada, world, do="save", block="b12", name="Two of us")
    saved = SavedBlock.objects.get(shop=world.shop)
    change(ada, world, do="insert", saved=str(saved.id))
    assert document(world).blocks[-1].kind == "columns"
    own = {"part": "letter", "parent": "letter"}
    change(ada, world, do="add", kind="small", **own)
    made = document(world).letter[-1].id
    say(ada, world, made, "Yours, **always**")
    change(ada, world, do="save", block=made, name="Always", **own)
    always = str(SavedBlock.objects.get(shop=world.shop, name="Always").id)
    offered = change(ada, world, do="insert", saved=always, **own).content.decode()
    assert always in offered
    assert str(saved.id) not in offered  # columns stand in no letter
    assert document(world).said("it")[document(world).letter[-1].id] == "Yours, **always**"
    change(ada, world, do="to", block="b13", to="0")
    assert document(world).blocks[0].id == "b13"


def test_a_real_cart_a_coupon_and_who_bought_before_can_be_looked_at(world, ada):
    for kind in ("coupon", "no_coupon", "bought", "new"):
        change(ada, world, do="add", kind="text")
        block = document(world).blocks[-1]
        change(ada, world, do="set", block=block.id, when=kind)
        say(ada, world, block.id, f"for {kind}")
    page = f"/wines/texts/{template_of(world).id}/it.html"
    usual = ada.get(page).content.decode()
    assert "for coupon" in usual
    assert "for new" in usual
    other = ada.get(f"{page}?coupon=no&bought=yes&cart={world.ben_cart.id}").content.decode()
    assert "for no_coupon" in other
    assert "for bought" in other
    assert "Amarone" in other
    assert "Barolo" not in other
    assert "for coupon" not in other
    assert "Barolo" in ada.get(f"{page}?cart={world.dans_cart.id}").content.decode()


def test_the_brand_kit_is_in_every_text_at_once(world, ada):
    template_of(world)
    wrong = ada.post("/wines/texts/brand/", {"accent": "red"})
    assert wrong.status_code == 422
    ada.post(
        "/wines/texts/brand/",
        {"accent": "#112233", "company": "Wines {{ x }} Ltd", "social_instagram": "https://i.test/w",
         "file": SimpleUploadedFile("logo.png", painted())},
    )  # fmt: skip
    mail = ada.get("/wines/previews/ours/it.html").content.decode()
    assert "#112233" in mail
    assert "Wines x Ltd" in mail
    assert "/m/" in mail


def test_a_text_is_renamed_copied_begun_anew_and_removed(world, ada):
    page = f"/wines/texts/{template_of(world).id}/manage/"
    assert "It has its new name" in text_of(
        ada.post(page, {"do": "rename", "name": "Hers"}, follow=True)
    )
    assert ada.post(page, {"do": "copy", "name": "hers"}).status_code == 422
    ada.post(page, {"do": "copy", "name": "hers-2"})
    for preset in ("agent_reminder", "thank_you", "last_reminder"):
        ada.post(page, {"do": "reset", "preset": preset})
        assert faults(document_of("hers"), "de") == {}
    OwnTemplate.objects.filter(name="hers-2").delete()
    draft = world.written
    type(draft).objects.filter(id=draft.id).update(text=draft.text + "\n# template: hers\n")
    used = ada.post(page, {"do": "remove"})
    assert used.status_code == 422
    assert "It is used by" in text_of(used)
    type(draft).objects.filter(id=draft.id).update(text=draft.text)
    assert "The text is gone" in text_of(ada.post(page, {"do": "remove"}, follow=True))
    assert not OwnTemplate.objects.exists()


def document_of(name: str):
    return load(OwnTemplate.objects.get(name=name).document)


def test_a_test_mail_goes_to_oneself_marked_and_harmless_and_not_too_often(world, ada, monkeypatch):
    page = "/wines/texts/try/reminder/email/it/"
    with SinkServer() as sink:
        monkeypatch.setenv("RIPRESA_SMTP_URL", sink.url)
        answer = ada.post(page, {"to": "ada@wines.test"}, follow=True)
        assert "on its way to ada@wines.test" in text_of(answer)
        stranger = ada.post(page, {"to": "ben@mail.test"})
        assert "somebody who works for this shop" in text_of(stranger)
        for _ in range(MOST_PER_HOUR):
            answer = ada.post(page, {"to": "ada@wines.test"})
        assert "Wait a little" in text_of(answer)
        assert len(sink.caught) == MOST_PER_HOUR
        mail = message_from_bytes(sink.caught[0].content, policy=default)
    assert mail["Subject"] == "[TEST] Hai lasciato qualcosa nel carrello"
    assert mail["List-Unsubscribe"] is None
    link = re.search(r"https?://\S+/s/\S+", mail.get_body(("plain",)).get_content())
    assert link
    assert Client().get(f"/s/{link[0].rpartition('/')[2]}").status_code == 404


def test_a_test_by_sms_says_what_it_costs_first(world, ada):
    page = "/wines/texts/try/reminder/sms/it/"
    assert "+393331234567" in text_of(ada.post(page, {"to": "12"}))
    seen = ada.post(page, {"to": "+393331112222"})
    assert "no account for SMS" in text_of(seen)
    assert "Send it" in text_of(seen)
    sent = ada.post(page, {"to": "+393331112222", "sure": "yes"}, follow=True)
    assert "on its way to +393331112222" in text_of(sent)
    pdf = ada.get("/wines/texts/try/reminder/letter/it/")
    assert pdf.content.startswith(b"%PDF")


def test_a_test_by_sms_says_its_price_where_the_account_has_a_price_list(world, ada):
    Accounts(PROVIDERS).add(
        shop_id=world.shop.id, provider_name="http_gateway", name="gateway", now=T0,
        given={"url": "https://gateway.example", "part_cost": "0.07 DE=0.09"},
    )  # fmt: skip
    page = "/wines/texts/try/reminder/sms/it/"
    seen = text_of(ada.post(page, {"to": "+4915112345678"}))
    assert "The credit of 2 parts" in seen
    assert "€0.18" in seen


def test_the_editor_asks_the_database_seldom(world, ada, django_assert_max_num_queries):
    template_of(world)
    picture_of(world)
    with django_assert_max_num_queries(12):
        ada.get(f"/wines/texts/{template_of(world).id}/")
    with django_assert_max_num_queries(12):
        ada.get("/wines/texts/pictures/")


def test_the_letter_is_seen_as_it_is_printed_and_says_what_is_wrong(world, ada, tmp_path):
    own = template_of(world)
    base = f"/wines/texts/{own.id}"
    first = load(own.document).letter[0].id
    page = ada.get(f"{base}/letter/?language=it")
    assert "1 page" in text_of(page)
    assert "nobody prints letters for this shop yet" in text_of(page)
    sheet = re.search(rf'src="({base}/letter/it/1\.png[^"]*)"', page.content.decode())[1]
    seen = ada.get(sheet.replace("&amp;", "&"))
    assert seen.content.startswith(b"\x89PNG")
    assert ada.get(f"{base}/letter/it/2.png").status_code == 404
    assert ada.get(f"{base}/letter/it.pdf").content.startswith(b"%PDF")

    spots = [ada.get(f"{base}/letter/it/1/spot/?y={y}").content.decode() for y in (200, 400, 990)]
    assert spots == ["", first, ""]  # above and below stands what is no block of hers

    sent = {"part": "letter", "slot": first, "language": "it", "text": "{{ person.nose }}"}
    said = ada.post(f"{base}/say/", sent, headers=HTMX)
    assert "Paragraphs : " in text_of(said)
    assert "person.nose" in text_of(said)
    long = "\n\n".join(["Una riga di testo."] * 60)
    ada.post(f"{base}/say/", {**sent, "text": long}, headers=HTMX)
    assert "Longer than one page" in text_of(ada.get(f"{base}/letter/pages/?language=it"))
    given = {"folder": str(tmp_path), "page_cost": "0.05", "postage": "1", "window": "din-a"}
    Accounts(PROVIDERS).add(
        shop_id=world.shop.id, provider_name="print_folder", name="post", given=given, now=T0
    )
    priced = ada.get(f"{base}/letter/pages/?language=it")
    assert "3 pages · €1.15 a letter, postage included" in text_of(priced)
    assert "window=din-a" in priced.content.decode()
    added = ada.post(
        f"{base}/change/", {"part": "letter", "do": "add", "kind": "picture", "parent": "letter"},
        headers=HTMX,
    )  # fmt: skip
    assert "a picture is missing" in text_of(added)
    shipped = ada.get("/wines/previews/reminder/letter/de/?window=us-10&country=US")
    assert 'value="us-10" selected' in shipped.content.decode()
    assert ada.get("/wines/previews/reminder/letter/de/1.png").status_code == 200


def test_a_text_without_a_letter_begins_one_with_a_shipped_one(world, ada):
    own = template_of(world)
    bare = load(own.document).with_letter(())
    OwnTemplate.objects.filter(shop=world.shop, id=own.id).update(document=dump(bare))
    page = f"/wines/texts/{own.id}/letter/"
    assert "This text has no letter yet" in text_of(ada.get(page))
    begun = ada.post(page, {"preset": "thank_you"}, follow=True)
    assert "The letter begins with what the shipped one says." in text_of(begun)
    assert [one.kind for one in document(world).letter] == ["paragraphs", "coupon", "signature"]
