"""A form is sent and nothing could be made of it: what was typed stands there again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.contacts.models import ContactKey
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.domain.shops.models import Membership, Shop
from tests.browser.signing_in import DESKTOP, PHONE
from tests.rows import PASSWORD
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGAIN = "What you typed stands here again"


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_session_that_ended_and_a_line_that_is_too_long(console: Page, home, world, watch):
    watch.allow("status of 403")
    watch.allow("status of 422")
    console.goto(f"{home}/wines/settings/")
    console.get_by_label("Name", exact=True).fill("Vini di Ada")
    console.context.clear_cookies(name="sessionid")
    save(console)
    expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in_again(console)
    expect(console.get_by_role("alert")).to_contain_text(AGAIN)
    expect(console.get_by_label("Name", exact=True)).to_have_value("Vini di Ada")
    save(console)
    expect(console.get_by_text("Saved.")).to_be_visible()
    assert Shop.objects.get(id=world.shop.id).name == "Vini di Ada"
    console.reload()
    expect(console.get_by_text(AGAIN)).to_have_count(0)

    console.get_by_label("Name", exact=True).fill("a" * 400)
    save(console)
    expect(console.get_by_text("At most 200 characters; these are 400.")).to_be_visible()
    console.set_viewport_size(PHONE)
    assert console.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    console.set_viewport_size(DESKTOP)
    console.get_by_role("link", name="Back to the form").click()
    expect(console.get_by_label("Name", exact=True)).to_have_value("a" * 400)

    # Signed in anew in another window: the token of this page is an old one.
    console.get_by_label("Name", exact=True).fill("Vini")
    console.context.clear_cookies(name="csrftoken")
    save(console)
    console.get_by_role("link", name="Back to the form").click()
    expect(console.get_by_label("Name", exact=True)).to_have_value("Vini")
    save(console)
    expect(console.get_by_text("Saved.")).to_be_visible()


def sign_in_again(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@wines.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_what_comes_back_is_still_asked_about_if_it_was_changed_meanwhile(
    console: Page, home, world, watch
):
    watch.allow("status of 409")
    console.goto(f"{home}/wines/settings/")
    console.get_by_label("Address of the shop").fill("https://hers.test/")
    console.context.clear_cookies(name="sessionid")
    save(console)
    Shop.objects.filter(id=world.shop.id).update(name="Theirs")
    sign_in_again(console)
    expect(console.get_by_role("alert")).to_contain_text(AGAIN)
    for size in (PHONE, DESKTOP):
        console.set_viewport_size(size)
        words = console.get_by_role("alert").bounding_box()
        button = console.get_by_role("button", name="Save", exact=True).bounding_box()
        assert words["y"] + words["height"] <= button["y"]
    save(console)
    expect(console.get_by_role("alert").first).to_contain_text("This was changed meanwhile")
    assert Shop.objects.get(id=world.shop.id).name == "Theirs"


def test_what_was_ticked_is_ticked_again_and_nothing_beside_it(console: Page, home, world):
    key_of_cleo(world, "customer:9")
    console.goto(f"{home}/wines/customers/{world.cleo.id}/")
    console.get_by_label("email:cleo@mail.test").check()
    console.context.clear_cookies(name="sessionid")
    console.get_by_role("button", name="Take out what is ticked").click()
    key_of_cleo(world, "customer:1")  # one more stands before it when she is back
    sign_in_again(console)
    expect(console.get_by_role("alert")).to_contain_text(AGAIN)
    expect(console.get_by_label("email:cleo@mail.test")).to_be_checked()
    for key in ("customer:1", "customer:9"):
        expect(console.get_by_label(key)).not_to_be_checked()


def key_of_cleo(world: World, key: str) -> None:
    ContactKey.objects.create(shop=world.shop, key=key, contact_id=world.cleo.id)


def waiting(page: Page) -> str:
    return str(page.evaluate("sessionStorage.getItem('ripresa-kept')"))


def test_nothing_waits_for_somebody_else(console: Page, home, world, watch):
    watch.allow("status of 422")
    for leave in ("sign out", "another"):
        console.goto(f"{home}/wines/settings/")
        console.get_by_label("Name", exact=True).fill("a" * 400)
        save(console)
        expect(console.get_by_text("At most 200 characters; these are 400.")).to_be_visible()
        assert "aaa" in waiting(console)
        console.goto(f"{home}/wines/carts/")
        assert "aaa" in waiting(console)
        if leave == "sign out":
            console.locator("details.me > summary").click()
            console.get_by_role("button", name="Sign out").click()
            expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
            assert "aaa" not in waiting(console)
            sign_in_again(console)
            expect(console.locator("details.me")).to_be_visible()
            continue
        console.context.clear_cookies(name="sessionid")
        console.goto(f"{home}/wines/carts/")
        console.get_by_label("E-mail").fill("vera@wines.test")
        console.get_by_label("Password").fill(PASSWORD)
        console.get_by_role("button", name="Sign in").click()
        expect(console.locator("details.me")).to_contain_text("vera@wines.test")
        assert "aaa" not in waiting(console)


def test_what_is_pasted_is_not_cut_off_but_called_too_long(console: Page, home):
    console.goto(f"{home}/wines/texts/")
    name = name_of_text(console)
    name.focus()
    console.keyboard.insert_text("spring-" * 10)
    expect(name).to_have_value("spring-" * 10)
    told = console.get_by_text("At most 60 characters; these are 70.")
    expect(told).to_be_visible()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("At most 60 characters; these are 70."))
    console.get_by_role("button", name="Begin").click()
    expect(console).to_have_url(f"{home}/wines/texts/")
    name.fill("spring")
    expect(told).to_be_hidden()
    console.get_by_role("button", name="Begin").click()
    expect(console.get_by_role("heading", name="spring")).to_be_visible()


def name_of_text(page: Page) -> Locator:
    return page.get_by_label("Name, as scenarios will call it")


def test_what_the_server_says_about_a_piece_of_a_page_can_be_read(
    console: Page, home, world, watch
):
    watch.allow("status of 4(03|22)|Status Error Code 403")
    console.goto(f"{home}/wines/segments/new/")
    console.get_by_label("Name", exact=True).press_sequentially("a" * 201)
    console.get_by_label("Name", exact=True).press("Tab")
    expect(console.get_by_role("alert")).to_contain_text("At most 200 characters; these are 201.")
    Membership.objects.filter(shop=world.shop, user=world.ada).update(role="viewer")
    console.get_by_label("Name", exact=True).fill("Short")
    console.get_by_label("Name", exact=True).press("Tab")
    expect(console.get_by_role("alert")).to_contain_text("This may be done by: Owner, Marketer.")


def name_of_draft(page: Page) -> Locator:
    return page.get_by_label("Name", exact=True)


def test_what_saves_itself_asks_who_comes_back_to_what_was_changed_meanwhile(
    console: Page, home, world, watch
):
    watch.allow("status of 409")
    console.goto(f"{home}/wines/scenarios/drafts/{world.written.id}/start/")
    draft = ScenarioDraft.objects.get(id=world.written.id)
    console.context.clear_cookies(name="sessionid")
    name_of_draft(console).fill("Hers")
    name_of_draft(console).press("Tab")
    expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
    draft.text = draft.text.replace(f"name: {draft.name}", "name: Theirs")
    draft.save(update_fields=["text"])
    sign_in_again(console)

    asked = console.get_by_role("alert").filter(has_text="This was changed meanwhile")
    expect(asked).to_contain_text("name: Theirs")
    expect(asked).to_contain_text("name: Hers")
    expect(name_of_draft(console)).to_have_value("Hers")
    assert "name: Theirs" in ScenarioDraft.objects.get(id=draft.id).text
    asked.get_by_role("button", name="Save mine over it").click()
    expect(console.get_by_role("heading", name="Hers")).to_be_visible()
    assert "name: Hers" in ScenarioDraft.objects.get(id=draft.id).text


def test_what_saves_itself_is_saved_when_she_is_back_or_says_what_is_wrong(
    console: Page, home, world, watch
):
    watch.allow("status of 422")
    for typed, told in (("Hers", "Saved"), ("", "Not all of it could be saved")):
        console.goto(f"{home}/wines/scenarios/drafts/{world.written.id}/start/")
        console.context.clear_cookies(name="sessionid")
        name_of_draft(console).fill(typed)
        name_of_draft(console).press("Tab")
        expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
        sign_in_again(console)
        expect(console.get_by_text(told).first).to_be_visible()
        expect(name_of_draft(console)).to_have_value(typed)
        expect(console.get_by_text(AGAIN)).to_have_count(0)
    assert "name: Hers" in ScenarioDraft.objects.get(id=world.written.id).text


def test_what_has_no_place_any_more_can_still_be_read(console: Page, home, world, watch):
    watch.allow("status of 404")
    console.goto(f"{home}/wines/scenarios/drafts/{world.written.id}/start/")
    console.context.clear_cookies(name="sessionid")
    name_of_draft(console).fill("Hours of work")
    name_of_draft(console).press("Tab")
    expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
    ScenarioDraft.objects.filter(id=world.written.id).delete()
    sign_in_again(console)
    expect(console.get_by_role("alert")).to_contain_text("Name: Hours of work")
