"""The editor of texts in the browser: from a new text to a test mail, by mouse and by keyboard."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from json import dumps, loads

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.models import OwnTemplate
from tests.browser.signing_in import DESKTOP, sign_in
from tests.rows import PASSWORD
from tests.smtp_sink import SinkServer
from tests.world import build_world
from tests.worlds.texts import painted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTTLE = {"name": "bottle.png", "mimeType": "image/png", "buffer": painted(900, 600)}


@pytest.fixture
def editor(page: Page, live_server, transactional_db) -> Page:
    build_world(WALL.now())
    page.set_viewport_size(DESKTOP)
    sign_in(page, live_server.url)
    page.get_by_role("link", name="Texts").click()
    page.get_by_label("Name, as scenarios will call it").fill("spring")
    page.get_by_role("button", name="Begin").click()
    return page


def kinds() -> list[str]:
    return [block.kind for block in load(OwnTemplate.objects.get(name="spring").document).blocks]


def test_from_a_new_text_to_a_test_mail(editor: Page, monkeypatch):
    write_a_heading(editor)
    show_a_picture(editor)
    look_at_it(editor)
    write_a_letter(editor)
    with SinkServer() as sink:
        monkeypatch.setenv("RIPRESA_SMTP_URL", sink.url)
        editor.get_by_role("link", name="Send a test", exact=True).click()
        editor.get_by_role("button", name="Send a test").click()
        expect(editor.get_by_text("on its way to ada@wines.test")).to_be_visible()
        (caught,) = sink.caught
    received = message_from_bytes(caught.content, policy=default)
    assert received["Subject"].startswith("[TEST] ")
    html = received.get_body(("html",)).get_content()
    assert "Spring Ada" in html
    assert "/m/" in html


def write_a_heading(editor: Page) -> None:
    # Where the words of the SMS fork is said without code.
    fork = editor.locator(".field-chip.fork")
    expect(fork).to_have_text([
        "if there is: Coupon code", "if there is: Coupon valid until", "up to here", "up to here",
    ])  # fmt: skip
    mail = editor.frame_locator("#canvas")
    mail.get_by_role("heading").first.click()  # what is clicked in the mail opens beside it
    heading = editor.locator("#write-b1")
    expect(heading).to_be_visible()
    heading.fill("Hi {{ person.nose }}")
    expect(editor.locator(".faults")).to_contain_text("person.nose is no field; did you mean")
    heading.fill("Spring ")
    heading.press("End")
    editor.locator("#block-b1 .insert summary").click()
    editor.locator("#block-b1").get_by_role("button", name="First name", exact=True).click()
    editor.locator("#block-b1").get_by_label("First name, if unknown").fill("friend")
    expect(mail.get_by_role("heading", name="Spring Ada")).to_be_visible()
    expect(editor.locator(".faults")).to_have_count(0)


def show_a_picture(editor: Page) -> None:
    mail = editor.frame_locator("#canvas")
    editor.locator("#add-columns").click()
    columns = editor.locator("#block-b12")
    columns.get_by_label("Add to column 1").select_option("image")
    columns.get_by_role("button", name="Add", exact=True).first.click()
    editor.locator("#block-b13 input[type=file]").set_input_files(BOTTLE)
    expect(editor.locator("#block-b13 .picker > img")).to_be_visible()
    editor.locator("#say-b13").fill("A bottle")
    shown = mail.get_by_alt_text("A bottle")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 600)


def write_a_letter(editor: Page) -> None:
    editor.get_by_role("link", name="Letter", exact=True).click()
    sheet = editor.get_by_alt_text("Page 1 of the letter")
    expect(sheet).to_be_visible()
    editor.locator("#title-b7").click()
    words = editor.locator("#write-b7")
    expect(words).to_be_visible()
    editor.locator("#title-b7").click()
    expect(words).to_be_hidden()
    box = sheet.bounding_box()
    assert box
    sheet.click(position={"x": box["width"] / 4, "y": box["height"] * 0.42})
    expect(words).to_be_visible()
    words.fill("Dear friend")
    words.press("Control+a")
    editor.get_by_role("button", name="Bold").first.click()
    expect(words).to_have_text("**Dear friend**")
    words.press("Control+i")
    expect(words).to_have_text("_**Dear friend**_")
    words.press("Control+i")
    expect(words).to_have_text("**Dear friend**")
    words.fill("{{ person.nose }}")
    expect(editor.locator(".faults")).to_contain_text("person.nose is no field; did you mean")
    words.fill("\n\n".join(["A line."] * 60))
    expect(editor.get_by_text("Longer than one page")).to_be_visible()
    expect(editor.locator(".faults")).to_have_count(0)
    editor.locator("#add-small").click()
    expect(editor.locator("#block-b14")).to_contain_text("words are missing")
    editor.get_by_label("Envelope").select_option("us-10")
    expect(sheet).to_have_attribute("src", re.compile("window=us-10"))
    editor.get_by_role("link", name="E-mail and SMS", exact=True).click()


def look_at_it(editor: Page) -> None:
    editor.get_by_role("button", name="Phone").click()
    expect(editor.locator("iframe.mail-phone")).to_be_visible()
    editor.get_by_role("button", name="Dark").click()
    expect(editor.locator("iframe.mail-dark")).to_be_visible()
    editor.get_by_role("button", name="Plain text").click()
    expect(editor.frame_locator("#canvas").locator("body")).to_contain_text("/u/1")


def test_blocks_move_by_mouse_and_by_keyboard_and_come_back(editor: Page):
    editor.set_viewport_size({"width": 1280, "height": 2000})  # both ends of a drag in sight
    editor.locator("#add-divider").press("Enter")
    expect(editor.locator("#block-b12")).to_be_visible()
    up = editor.locator("#up-b12")
    up.press("Enter")
    expect(editor.locator(".blocks > li").nth(5)).to_have_attribute("data-block", "b12")
    editor.locator("#block-b12 .handle").drag_to(editor.locator("#block-b1 .handle"))
    expect(editor.locator(".blocks > li").first).to_have_attribute("data-block", "b12")
    assert kinds()[0] == "divider"
    editor.get_by_role("button", name="Undo").press("Enter")
    expect(editor.locator(".blocks > li").first).to_have_attribute("data-block", "b1")
    editor.locator("body").press("Control+Shift+Z")
    expect(editor.locator(".blocks > li").first).to_have_attribute("data-block", "b12")
    editor.locator("body").press("Control+Z")
    expect(editor.locator(".blocks > li").first).to_have_attribute("data-block", "b1")
    loses_no_words_when_the_session_ends(editor)


def loses_no_words_when_the_session_ends(editor: Page) -> None:
    editor.context.clear_cookies(name="sessionid")
    editor.get_by_label("Subject").fill("Two days of work")
    expect(editor.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in_anew(editor)
    expect(editor.get_by_label("Subject")).to_contain_text("Two days of work")
    words_by_keyboard(editor)


def sign_in_anew(editor: Page) -> None:
    editor.get_by_label("E-mail").fill("ada@wines.test")
    editor.get_by_label("Password").fill(PASSWORD)
    editor.get_by_role("button", name="Sign in").click()


def words_by_keyboard(editor: Page) -> None:
    # Words by keyboard alone: open, write, make bold, insert a field.
    editor.locator("#title-b6").press("Enter")
    editor.locator("#write-b6").press("Control+A")
    editor.keyboard.type("Soon ")
    editor.locator("#block-b6 .insert summary").press("Enter")
    editor.locator("#block-b6").get_by_role("button", name="Name of the shop").press("Enter")
    editor.locator("#write-b6").press("Control+A")
    editor.locator('#block-b6 [data-tool="bold"]').press("Enter")
    mail = editor.frame_locator("#canvas")
    expect(mail.locator(".mark-b6")).to_contain_text("Soon Ada's Wines")
    expect(mail.locator(".mark-b6 b, .mark-b6 strong").first).to_be_visible()


def test_words_that_come_back_are_asked_about_if_they_were_changed_meanwhile(editor: Page, watch):
    watch.allow("status of 409")
    for slot, words in (("preheader", "A line of hers"), ("subject", "Hers")):
        field = editor.locator(f"#write-{slot}")
        with editor.expect_response(lambda answer: "Hitherto" in (answer.request.post_data or "")):
            field.fill("Hitherto")
        editor.context.clear_cookies(name="sessionid")
        field.fill(words)
        expect(editor.get_by_role("heading", name="Sign in")).to_be_visible()
        spring = OwnTemplate.objects.get(name="spring")
        if slot == "subject":
            spring.document = loads(dumps(spring.document).replace("Hitherto", "Theirs"))
            spring.save(update_fields=["document"])
        sign_in_anew(editor)
        expect(field).to_have_text(words)
    asked = editor.get_by_role("alert").filter(has_text="These words were changed meanwhile")
    expect(asked).to_contain_text("Theirs")
    expect(asked).to_contain_text("Hers")
    expect(editor.locator("#write-preheader")).to_have_text("A line of hers")
    asked.get_by_role("button", name="Save mine over it").click()
    expect(asked).to_have_count(0)
    kept = load(OwnTemplate.objects.get(name="spring").document)
    assert "Hers" in str(kept)
    assert "A line of hers" in str(kept)


# What a browser hands over of a table that was copied in Word.
WORD = """<html><head><style>td{border:1px solid}</style></head><body><table class=MsoTableGrid><tr>
<td style="width:5cm"><p class=MsoNormal><b>Wine</b></p></td><td><p class=MsoNormal>Bottles</p></td></tr>
<tr><td><p class=MsoNormal>Barolo</p></td><td><p class=MsoNormal>2</p></td></tr></table></body></html>"""


def test_a_table_pasted_from_word_keeps_its_rows_and_cells_apart(editor: Page):
    editor.locator("#title-b6").press("Enter")
    field = editor.locator("#write-b6")
    field.press("Control+A")
    field.evaluate(
        """(field, html) => {
            const data = new DataTransfer();
            data.setData('text/html', html);
            data.setData('text/plain', 'Wine\\tBottles\\nBarolo\\t2');
            field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        WORD,
    )
    expect(field).to_contain_text("Wine | Bottles")
    mail = editor.frame_locator("#canvas")
    lines = mail.locator(".mark-b6 p")
    expect(lines.filter(has_text="Wine | Bottles")).to_have_text("Wine | Bottles")
    expect(lines.filter(has_text="Barolo")).to_have_text("Barolo | 2")
