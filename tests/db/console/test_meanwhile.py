"""The same thing open in two tabs: whoever saves second is asked, and nothing is lost silently."""

import html
import re

from django.test import Client

from ripresa.console.overtaking.marks import Difference, differences
from ripresa.domain.attribution.rolling import settings_of
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.blocks.kits import look_of
from ripresa.domain.templates.models import OwnTemplate
from tests.db.console.pages import text_of
from tests.world import template_of
from tests.worlds.audience import segment_of, sketch_of

HTMX = {"HTTP_HX_REQUEST": "true"}


def seen_in(client: Client, page: str, pattern: str = r'name="seen"') -> str:
    """The mark of a form on a page, as the tab that shows it keeps it."""
    markup = " ".join(client.get(page).content.decode().split())
    found = re.search(rf'<input type="hidden" {pattern}[^>]*value="([0-9a-f]+)"', markup)
    assert found, page
    return found[1]


def overwriting(answer) -> str:
    """The address at which hers is saved over what is stored."""
    return re.search(r'formaction="([^"]+)"', answer.content.decode())[1]


def test_a_step_of_the_wizard(world, ada):
    page = f"/wines/scenarios/drafts/{world.written.id}/adjust/"
    seen = seen_in(ada, page)
    assert ada.post(page, {"after_order": "3", "after_order-unit": "d", "seen": seen}).status_code == 302  # fmt: skip
    mine = {"idle": "9", "idle-unit": "h", "after_order": "5", "after_order-unit": "d"}
    for how in ({}, HTMX):
        answer = ada.post(page, {**mine, "seen": seen, "do": "next"}, **how)
        assert answer.status_code == 409
        said = text_of(answer)
        assert "This was changed meanwhile, and nothing of yours is saved yet." in said
        assert "idle: 9h" in said
        assert "not_after_order: 3d" in said
    world.written.refresh_from_db()
    assert "3d" in world.written.text
    assert "9h" not in world.written.text
    # Her words stand in the page that comes, and go over the others when she says so.
    told = ada.post(page, {**mine, "seen": seen})
    assert 'value="9"' in told.content.decode()
    assert ada.post(overwriting(told), {**mine, "seen": seen, "do": "save"}).status_code == 302
    world.written.refresh_from_db()
    assert "9h" in world.written.text
    # What would change nothing is no matter; nor is a page that is fresh.
    assert ada.post(page, {**mine, "seen": seen}).status_code == 302
    fresh = seen_in(ada, page)
    assert ada.post(page, {"idle": "8", "idle-unit": "h", "seen": fresh}).status_code == 302


def test_the_file_and_a_campaign(world, ada):
    page = f"/wines/scenarios/drafts/{world.written.id}/file/"
    seen, text = seen_in(ada, page), world.written.text
    ada.post(page, {"text": text + "# theirs\n", "seen": seen})
    answer = ada.post(page, {"text": text + "# hers\n", "seen": seen})
    assert answer.status_code == 409
    assert "# theirs # hers" in text_of(answer)
    sketch = sketch_of(world)
    for step, theirs, hers in [
        ("budget", {"gap": "3", "gap-unit": "d"}, {"gap": "4", "gap-unit": "d"}),
        (
            "audience",
            {"name": "Theirs", "source": "segment"},
            {"name": "Hers", "source": "segment"},
        ),
    ]:
        at = f"/wines/campaigns/drafts/{sketch.id}/{step}/"
        seen = seen_in(ada, at)
        ada.post(at, {**theirs, "seen": seen, "do": "save"})
        for how in ({}, HTMX):
            answer = ada.post(at, {**hers, "seen": seen, "do": "next"}, **how)
            assert answer.status_code == 409, step
        answer = ada.post(overwriting(answer), {**hers, "seen": seen, "do": "save"})
        assert answer.status_code != 409


def test_settings(world, ada, vera):
    page = "/wines/settings/tracking/"
    seen = seen_in(ada, page)
    ada.post(page, {"window": "30", "clicks": "yes", "seen": seen})
    answer = ada.post(page, {"window": "14", "opens": "yes", "seen": seen})
    assert answer.status_code == 409
    said = text_of(answer)
    # Who changed what is told as the audit log tells it, in words.
    assert "ada@wines.test · today" in said
    assert "Track clicks no yes" in said
    assert "track_clicks" not in said
    assert "Days before an order that count 30 14" in said
    assert settings_of(world.shop.id).margin is None
    shop = Shop.objects.get(id=world.shop.id)
    assert (shop.track_clicks, shop.track_opens) == (True, False)
    assert re.search(r'name="opens"\s+value="yes" checked', answer.content.decode())
    ada.post(overwriting(answer), {"window": "14", "opens": "yes", "seen": seen})
    shop.refresh_from_db()
    assert (shop.track_clicks, shop.track_opens) == (False, True)
    page = "/wines/settings/"
    form = {"name": "Wines", "currency": "EUR", "country": "IT", "language": "it", "timezone": "Europe/Rome",
            "abandoned_after": "1", "abandoned_after-unit": "h", "expires_after": "30", "expires_after-unit": "d"}  # fmt: skip
    seen = seen_in(ada, page)
    ada.post(page, {**form, "seen": seen})
    answer = ada.post(page, {**form, "name": "Vini", "seen": seen})
    assert answer.status_code == 409
    assert "Wines Vini" in text_of(answer)


def test_words_and_blocks_of_a_text(world, ada):
    own = template_of(world)
    at = f"/wines/texts/{own.id}/"
    seen = seen_in(ada, f"{at}?language=en", r'name="seen" id="seen-subject"')
    say = {"language": "en", "slot": "subject"}
    assert ada.post(f"{at}say/", {**say, "text": "Theirs", "seen": seen}, **HTMX).status_code == 200
    answer = ada.post(f"{at}say/", {**say, "text": "Hers", "seen": seen}, **HTMX)
    assert answer.status_code == 409
    assert "Theirs Hers" in text_of(answer)
    assert stored(own) == "Theirs"
    # What she says elsewhere leaves the question standing.
    other = ada.post(f"{at}say/", {**say, "slot": "preheader", "text": "Soon"}, **HTMX)
    assert 'id="clash-subject"' not in other.content.decode()
    plain = ada.post(f"{at}say/", {**say, "text": "Hers", "seen": seen}, follow=True)
    assert "yours are not saved: “Hers”" in text_of(plain)
    assert ada.post(f"{at}say/", {**say, "text": "Hers"}, **HTMX).status_code == 200
    assert stored(own) == "Hers"
    block = load(own.document).blocks[0]
    old = seen_in(ada, at, rf'name="block" value="{block.id}"> <input type="hidden" name="seen"')
    setting = {"do": "set", "block": block.id, "seen": old}
    ada.post(f"{at}change/", {**setting, "align": "center"}, **HTMX)
    answer = ada.post(f"{at}change/", {**setting, "align": "right"}, **HTMX)
    assert answer.status_code == 422
    assert "Somebody has changed this block meanwhile" in text_of(answer)
    own.refresh_from_db()
    assert load(own.document).blocks[0].align == "center"


def stored(own: OwnTemplate) -> str:
    own.refresh_from_db()
    return load(own.document).said("en")["subject"]


def test_what_differs_is_told_in_words(world, ada):
    page = "/wines/texts/brand/"
    seen = seen_in(ada, page)
    ada.post(page, {"button": "#112233", "headline_face": "times", "seen": seen})
    hers = {"button": "#445566", "headline_face": "verdana", "note_it": "Ciao", "logo": "", "radius": "6"}  # fmt: skip
    answer = ada.post(page, {**hers, "seen": seen})
    said = text_of(answer).partition("Save mine over it")[0]
    assert "Buttons #112233 #445566" in said
    assert 'fill="#112233"' in answer.content.decode()
    assert "Headings in Times New Roman Verdana" in said
    assert "One more line · Italiano – Ciao" in said
    assert "Roundness of corners" not in said
    page = "/wines/settings/"
    seen = seen_in(ada, page)
    Shop.objects.filter(id=world.shop.id).update(name="Vini")
    said = text_of(ada.post(page, {"country": "DE", "language": "de", "seen": seen}))
    assert "Italy (IT) Germany (DE)" in said
    page = "/wines/settings/consent/"
    seen = seen_in(ada, page)
    Shop.objects.filter(id=world.shop.id).update(couple_channels=True)
    told = text_of(ada.post(page, {"confirm_consent": "always", "seen": seen}))
    assert re.search(r"Ask for a confirmation \(double opt-in\) [A-Z][^_]+ [A-Z]", told)
    page = "/wines/settings/popup/"
    seen = seen_in(ada, page)
    Shop.objects.filter(id=world.shop.id).update(popup={"enabled": True})
    said = text_of(ada.post(page, {"colour_button": "#445566", "word_title": "Ciao", "seen": seen}))
    assert "Title – Ciao" in said


def test_differences_are_side_by_side():
    assert differences("a\n  b\nc", "a\nx\nc\nd") == [Difference("b", "x"), Difference("", "d")]


def test_hours_and_rules_that_are_looked_at_before_they_are_saved(world, ada):
    """The first of their two pages asks already: what is looked at then is what she means."""
    for page, save, theirs, hers, told in [
        ("/wines/settings/hours/holidays/", "/wines/settings/hours/save/", {"days": "12-25 Natale", "channels": "sms"},
         {"days": "01-01 Capodanno", "channels": "sms"}, "12-25 Natale 01-01 Capodanno"),
        ("/wines/settings/hours/week/", "/wines/settings/hours/save/", {"channel": "sms", "country": "*", "mon-from": "09:00", "mon-until": "18:00"},
         {"channel": "sms", "country": "*", "mon-from": "10:00", "mon-until": "18:00"}, "Monday 10:00–18:00"),
        ("/wines/settings/consent/own/", "/wines/settings/consent/own/save/", {"country": "IT", "channel": "sms", "rule": "consent"},
         {"country": "IT", "channel": "sms", "rule": "one_text"}, "Said yes to this channel A yes, within two days"),
    ]:  # fmt: skip
        seen = seen_in(ada, page)
        look = ada.post(page, {**theirs, "seen": seen})
        saved = {name: hidden(look, name) for name in ("document", "was")}
        assert ada.post(save, saved).status_code == 302
        answer = ada.post(page, {**hers, "seen": seen})
        assert answer.status_code == 409, page
        assert told in text_of(answer)
        assert ada.post(overwriting(answer), {**hers, "seen": seen}).status_code == 200


def test_what_is_taken_away_is_taken_away_when_she_says_so(world, ada):
    for page, save, stored, told in [
        ("/wines/settings/hours/week/", "/wines/settings/hours/save/",
         {"channel": "sms", "country": "*", "mon-from": "09:00", "mon-until": "18:00"}, "Monday 09:00–18:00 –"),
        ("/wines/settings/consent/own/", "/wines/settings/consent/own/save/",
         {"country": "IT", "channel": "sms", "rule": "consent"}, "Said yes to this channel –"),
    ]:  # fmt: skip
        seen = seen_in(ada, page)
        look = ada.post(page, {**stored, "seen": seen})
        ada.post(save, {name: hidden(look, name) for name in ("document", "was")})
        answer = ada.post(page, {**stored, "remove": "yes", "seen": seen})
        assert answer.status_code == 409, page
        assert told in text_of(answer), page
        button = re.search(r"<button[^>]*formaction=[^>]*>", answer.content.decode())[0]
        assert re.search(r'name="remove"\s+value="yes"', button), page


def hidden(answer, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}"\s+value="([^"]*)"', answer.content.decode())[1])


def test_the_pop_up(world, ada):
    page = "/wines/settings/popup/"
    seen = seen_in(ada, page)
    form = {"language": "en", "after_pages": "1", "again_after_days": "30", **colours_in(ada, page)}
    assert ada.post(page, {**form, "word_title": "Theirs", "seen": seen}).status_code == 302
    answer = ada.post(page, {**form, "word_title": "Hers", "enabled": "yes", "seen": seen})
    assert answer.status_code == 409
    assert "Theirs Hers" in text_of(answer)
    assert Shop.objects.get(id=world.shop.id).popup["said"]["words"]["en"]["title"] == "Theirs"
    assert 'value="Hers"' in answer.content.decode()
    over = ada.post(overwriting(answer), {**form, "word_title": "Hers", "seen": seen})
    assert over.status_code == 302
    assert Shop.objects.get(id=world.shop.id).popup["said"]["words"]["en"]["title"] == "Hers"


def colours_in(client: Client, page: str) -> dict[str, str]:
    markup = client.get(page).content.decode()
    return dict(re.findall(r'name="(colour_\w+)"[^>]*?value="(#\w+)"', markup))


def test_a_segment(world, ada):
    stored = segment_of(world)
    page = f"/wines/segments/{stored.id}/edit/"
    seen = seen_in(ada, f"{page}?as=file")
    ada.post(page, {"text": stored.text + "# theirs\n", "do": "save", "seen": seen})
    hers = {"text": stored.text + "# hers\n", "do": "save", "seen": seen}
    answer = ada.post(page, hers)
    assert answer.status_code == 409
    assert "# theirs # hers" in text_of(answer)
    assert ada.post(overwriting(answer), hers).status_code == 302
    stored.refresh_from_db()
    assert stored.text.endswith("# hers\n")


def test_the_brand_kit(world, ada):
    page = "/wines/texts/brand/"
    seen = seen_in(ada, page)
    ada.post(page, {"company": "Theirs", "radius": "4", "seen": seen})
    answer = ada.post(page, {"company": "Hers", "radius": "4", "note_it": "Ciao", "seen": seen})
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Theirs Hers" in said
    assert "– Ciao" in said
    assert look_of(world.shop.id).brand.company == "Theirs"
    assert 'value="Hers"' in answer.content.decode()
    # What is wrong in one field costs nobody the others.
    wrong = ada.post(page, {"company": "Hers", "radius": "400", "seen": seen_in(ada, page)})
    assert wrong.status_code == 422
    assert 'value="Hers"' in wrong.content.decode()
    ada.post(overwriting(answer), {"company": "Hers", "seen": seen})
    assert look_of(world.shop.id).brand.company == "Hers"
