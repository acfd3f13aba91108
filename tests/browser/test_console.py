"""The console in a real browser: keyboard, phone, dark, without a script, and clean for axe.

Screenshots land in test-results/console/, to be looked at.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ripresa.console.wizard.steps import STEPS
from ripresa.core.clock import WALL
from ripresa.domain.shops.models import Shop
from tests.browser.signing_in import DESKTOP, PHONE, SMALL, sign_in
from tests.rows import PASSWORD
from tests.world import World, build_world, deal_of, fill, template_of
from tests.worlds import audience, settings
from tests.worlds.access import access_pages
from tests.worlds.agents import agent_pages
from tests.worlds.connections import connection_pages
from tests.worlds.imports import import_of
from tests.worlds.people import saved_view_of
from tests.worlds.replays import replay_of
from tests.worlds.texts import picture_of, saved_block_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "console"


@pytest.fixture
def world(transactional_db) -> World:
    now = WALL.now()
    made = build_world(now)
    fill(made.shop, made.scenario, 70, now)
    return made


def pages_of(world: World) -> dict[str, str]:
    return {
        "overview": "/wines/",
        "carts": "/wines/carts/",
        "carts-filtered": "/wines/carts/?buyer=ben&state=abandoned&value=10",
        "cart": f"/wines/carts/{world.ben_recovered.id}/",
        "carts-view": f"/wines/carts/?{saved_view_of(world).query}",
        "cart-send": f"/wines/carts/{world.ben_cart.id}/send/",
        "customers": "/wines/customers/",
        "customer": f"/wines/customers/{world.ben.id}/",
        "customer-erase": f"/wines/customers/{world.ben.id}/erase/",
        "customer-merge": f"/wines/customers/{world.ben.id}/merge/?q=cleo",
        "customer-merge-look": f"/wines/customers/{world.ben.id}/merge/?with={world.cleo.id}",
        "work": "/wines/work/",
        "imports": "/wines/imports/",
        "import": f"/wines/imports/{import_of(world).id}/",
        "import-columns": f"/wines/imports/{import_of(world).id}/columns/",
        "import-confirm": f"/wines/imports/{import_of(world).id}/confirm/",
        "scenarios": "/wines/scenarios/",
        "scenario": f"/wines/scenarios/{world.scenario.id}/",
        "activate": f"/wines/scenarios/{world.draft.id}/activate/",
        "pause": f"/wines/scenarios/{world.scenario.id}/pause/",
        "sending": "/wines/sending/",
        "pipeline": "/wines/pipeline/",
        "stages": "/wines/pipeline/stages/",
        "deal": f"/wines/pipeline/{deal_of(world).id}/",
        "texts": "/wines/texts/",
        "text": f"/wines/texts/{template_of(world).id}/",
        "text-letter": f"/wines/texts/{template_of(world).id}/letter/",
        "text-manage": f"/wines/texts/{template_of(world).id}/manage/",
        "brand": f"/wines/texts/brand/?{saved_block_of(world).id}",
        "text-try": "/wines/texts/try/reminder/email/it/",
        "pictures": f"/wines/texts/pictures/#picture-{picture_of(world).id}",
        **audience.pages_of(world),
        "versions": f"/wines/scenarios/{world.scenario.id}/versions/",
        "new-scenario": "/wines/scenarios/new/",
        **{
            f"wizard-{step.key}": f"/wines/scenarios/drafts/{world.written.id}/{step.key}/"
            for step in STEPS
        },
        "wizard-condition": f"/wines/scenarios/drafts/{world.written.id}/conditions/b0s1/",
        "wizard-file": f"/wines/scenarios/drafts/{world.written.id}/file/",
        "wizard-test": f"/wines/scenarios/drafts/{world.written.id}/test/",
        "replay": f"/wines/scenarios/replays/{replay_of(world).id}/",
        "preview": "/wines/previews/reminder/email/it/",
        "preview-sms": "/wines/previews/reminder/sms/ru/",
        "preview-letter": "/wines/previews/reminder/letter/ru/",
        "reports": "/wines/reports/",
        "reports-anyway": "/wines/reports/anyway/",
        "reports-orders": "/wines/reports/orders/",
        "reports-order": f"/wines/reports/orders/{world.ben_order.id}/",
        "reports-by-mail": "/wines/reports/by-mail/",
        "reports-tests": "/wines/reports/tests/",
        "reports-proof": "/wines/reports/proof/",
        "reports-definitions": "/wines/reports/definitions/",
        **settings.pages_of(world),
        **connection_pages(world),
        **access_pages(world),
        **agent_pages(world),
        "nothing": "/wines/nothing/",
    }


# What sticks out of its panel, or is cut off where nothing scrolls and no dots say so.
SPILLS = """() => [
  ...[...document.querySelectorAll('.panel, .figures > div')].filter(
    box => box.scrollWidth > box.clientWidth + 1),
  ...[...document.querySelectorAll('.btn, .state, .chip, h1, h2, th, dt, legend, .tabs a')].filter(
    box => box.scrollWidth > box.clientWidth + 1 && !box.closest('.visually-hidden, thead')
      && getComputedStyle(box).overflowX !== 'visible'),
].map(box => box.className + ': ' + box.textContent.trim().slice(0, 60))"""


def fits(page: Page, width: int) -> bool:
    """Nothing wider than the screen, nothing out of its box."""
    assert page.evaluate(SPILLS) == [], page.url
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


def names(page: Page) -> list[str]:
    return page.locator("#results .whole").all_inner_texts()


@pytest.mark.parametrize(
    ("size", "theme", "every"),
    [
        # axe takes its time: here each page meets it once, on one of two screens; the slow ones are for all.
        pytest.param(DESKTOP, "light", slice(0, None, 2), id="desktop-light"),
        pytest.param(PHONE, "dark", slice(1, None, 2), id="phone-dark"),
        pytest.param(DESKTOP, "light", slice(1, None, 2), id="rest-light", marks=pytest.mark.slow),
        pytest.param(PHONE, "dark", slice(0, None, 2), id="rest-dark", marks=pytest.mark.slow),
        pytest.param(DESKTOP, "dark", slice(None), id="desktop-dark", marks=pytest.mark.slow),
        pytest.param(PHONE, "light", slice(None), id="phone-light", marks=pytest.mark.slow),
    ],
)
@pytest.mark.long
def test_every_page_is_clean_and_fits(size, theme, every, console: Page, home, world, watch):
    watch.allow(r"status of 404")  # the page that is not there
    console.set_viewport_size(size)
    console.emulate_media(color_scheme=theme)
    width = size["width"]
    for name, path in list(pages_of(world).items())[every]:
        console.goto(home + path)
        assert fits(console, width), name
        found = Axe().run(console)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


@pytest.mark.parametrize(
    ("language", "every"),
    [
        # Each page in one of the two here, in both in the slow run.
        pytest.param("de", slice(0, None, 2), id="de"),
        pytest.param("ru", slice(1, None, 2), id="ru"),
        pytest.param("de", slice(1, None, 2), id="rest-de", marks=pytest.mark.slow),
        pytest.param("ru", slice(0, None, 2), id="rest-ru", marks=pytest.mark.slow),
    ],
)
def test_the_longest_languages_fit_a_small_phone(
    language, every, console: Page, home, world, watch
):
    watch.allow(r"status of 404")  # the page that is not there
    console.set_viewport_size(SMALL)
    speak(console, home, language)
    for name, path in list(pages_of(world).items())[every]:
        console.goto(home + path, wait_until="domcontentloaded")
        assert console.locator("html").get_attribute("lang") == language
        assert fits(console, SMALL["width"]), name


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, SMALL], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["en", "it", "ro", "ru", "de"])
def test_every_page_in_every_language_to_look_at(
    language, size, theme, console: Page, home, world, watch
):
    watch.allow(r"status of 404")
    SHOTS.mkdir(parents=True, exist_ok=True)
    console.set_viewport_size(size)
    console.emulate_media(color_scheme=theme)
    speak(console, home, language)
    for name, path in pages_of(world).items():
        console.goto(home + path)
        shot = SHOTS / f"{language}-{name}-{size['width']}-{theme}.png"
        console.screenshot(path=shot, full_page=True)
        assert fits(console, size["width"]), name


def test_the_language_is_chosen_in_the_menu(console: Page, home):
    console.goto(f"{home}/wines/carts/?state=recovered")
    console.locator("details.me > summary").click()
    console.get_by_role("button", name="Română").click()
    expect(console).to_have_url(f"{home}/wines/carts/?state=recovered")
    expect(console.get_by_role("heading", name="Coșuri")).to_be_visible()
    console.locator("details.me > summary").click()
    expect(console.get_by_role("button", name="Română")).to_have_attribute("aria-current", "true")


def speak(page: Page, home: str, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": home}])


def test_one_can_sign_in_and_reach_a_cart_by_keyboard_alone(page: Page, home):
    page.goto(f"{home}/login/")
    page.get_by_label("E-mail").focus()
    page.keyboard.type("ada@wines.test")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "whole":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What happened, and why")).to_be_visible()


class TestMenus:
    def test_open_close_and_give_the_focus_back(self, console: Page):
        summary = console.locator("details.shops > summary")
        summary.focus()
        console.keyboard.press("Enter")
        expect(console.get_by_role("link", name="Ada's Wines")).to_be_visible()
        console.keyboard.press("Tab")
        console.keyboard.press("Escape")
        expect(console.get_by_role("link", name="Ada's Wines")).to_be_hidden()
        expect(summary).to_be_focused()

    def test_a_click_elsewhere_closes_them(self, console: Page):
        console.locator("details.me > summary").click()
        expect(console.get_by_role("button", name="Sign out")).to_be_visible()
        console.get_by_role("heading", name="Overview").click()
        expect(console.get_by_role("button", name="Sign out")).to_be_hidden()

    def test_signing_out(self, console: Page, home):
        console.locator("details.me > summary").click()
        console.get_by_role("button", name="Sign out").click()
        expect(console).to_have_url(f"{home}/login/")


def test_the_theme_stays_chosen(console: Page):
    root = console.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    console.locator("details.me > summary").click()
    console.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    console.reload()
    expect(root).to_have_attribute("data-bs-theme", "dark")


class TestCartList:
    def test_filters_as_one_types_and_keeps_the_address(self, console: Page, home):
        console.goto(f"{home}/wines/carts/")
        console.evaluate("window.notReloaded = true")
        console.get_by_label("Buyer").fill("cleo")
        expect(console.locator("#results .whole")).to_have_count(1)
        expect(console).to_have_url(f"{home}/wines/carts/?buyer=cleo")
        console.get_by_label("State").select_option("recovered")
        expect(console.get_by_text("No cart fits these filters.")).to_be_visible()
        expect(console).to_have_url(f"{home}/wines/carts/?buyer=cleo&state=recovered")
        assert console.evaluate("window.notReloaded") is True
        expect(console.get_by_label("Buyer")).to_have_value("cleo")

    def test_a_chip_takes_its_filter_away(self, console: Page, home):
        console.goto(f"{home}/wines/carts/?buyer=ben&state=abandoned")
        console.get_by_role("link", name="Buyer: ben").click()
        expect(console).to_have_url(f"{home}/wines/carts/?state=abandoned")
        expect(console.get_by_label("State")).to_have_value("abandoned")

    def test_going_back_brings_the_old_list_back(self, console: Page, home):
        console.goto(f"{home}/wines/carts/")
        console.get_by_label("Buyer").fill("cleo")
        expect(console.locator("#results .whole")).to_have_count(1)
        console.go_back()
        expect(console.locator("#results .whole")).to_have_count(50)

    def test_more_rows_join_the_list_and_the_focus_stays(self, console: Page, home):
        console.goto(f"{home}/wines/carts/")
        before = names(console)
        console.get_by_role("link", name="Show older ones").press("Enter")
        expect(console.locator("#older")).to_have_count(0)
        after = names(console)
        assert after[:50] == before
        assert len(after) > 50
        expect(console).to_have_url(f"{home}/wines/carts/")

    def test_a_row_opens_its_cart(self, console: Page, home, world):
        console.goto(f"{home}/wines/carts/?buyer=cleo")
        box = console.locator("#results tbody tr td").nth(2).bounding_box()
        assert box is not None
        console.mouse.click(box["x"] + 5, box["y"] + 5)
        expect(console).to_have_url(f"{home}/wines/carts/{world.cleo_cart.id}/")

    def test_nothing_personal_is_left_in_the_browser(self, console: Page, home):
        console.goto(f"{home}/wines/carts/")
        console.get_by_label("Buyer").fill("cleo")
        expect(console.locator("#results .whole")).to_have_count(1)
        kept = console.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "Cleo" not in kept

    def test_says_so_when_the_server_is_away(self, console: Page, home, watch):
        watch.allow("ERR_INTERNET_DISCONNECTED|htmx:")
        console.goto(f"{home}/wines/carts/")
        console.context.set_offline(True)
        console.get_by_label("Buyer").fill("cleo")
        expect(console.get_by_role("alert")).to_contain_text("The server can’t be reached.")
        console.context.set_offline(False)
        console.get_by_label("Buyer").fill("ben")
        expect(console.locator("#trouble")).to_be_hidden()
        assert set(names(console)) == {"Ben Rossi"}

    def test_a_session_that_ended_leads_to_the_login_and_back(self, console: Page, home):
        console.goto(f"{home}/wines/carts/?kind=cart")
        console.context.clear_cookies()
        console.get_by_label("Buyer").fill("ben")
        expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
        console.get_by_label("E-mail").fill("ada@wines.test")
        console.get_by_label("Password").fill(PASSWORD)
        console.get_by_role("button", name="Sign in").click()
        expect(console).to_have_url(f"{home}/wines/carts/?kind=cart")


def test_filters_work_without_a_script(browser: Browser, home):
    context = browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    page = context.new_page()
    sign_in(page, home)
    page.goto(f"{home}/wines/carts/")
    page.get_by_label("Buyer").fill("cleo")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#results .whole")).to_have_text(["Cleo"])
    page.goto(f"{home}/wines/carts/")
    page.get_by_role("link", name="Show older ones").click()
    expect(page).to_have_url(re.compile("older="))
    assert len(names(page)) > 10
    page.locator("details.me > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_phone_folds_the_filters_away(console: Page, home):
    console.set_viewport_size(PHONE)
    console.goto(f"{home}/wines/carts/")
    expect(console.get_by_label("State")).to_be_hidden()
    console.get_by_label("More filters").check()
    expect(console.get_by_label("State")).to_be_visible()
    console.goto(f"{home}/wines/carts/?kind=cart")
    expect(console.get_by_label("Kind")).to_be_visible()


def test_a_draft_goes_live_is_paused_and_resumed(console: Page, home, world):
    console.goto(f"{home}/wines/scenarios/{world.draft.id}/")
    console.get_by_role("link", name="Go live").click()
    expect(console.get_by_text("are left behind already")).to_be_visible()
    console.get_by_role("button", name="Go live").click()
    expect(console.get_by_role("status")).to_contain_text("Live.")
    console.get_by_role("link", name="Pause").click()
    console.get_by_label("Why?").fill("stock-taking")
    console.get_by_role("button", name="Pause").click()
    expect(console.get_by_text("Paused · stock-taking")).to_be_visible()
    console.get_by_role("link", name="Resume").click()
    console.get_by_role("button", name="Resume").click()
    expect(console.get_by_role("status")).to_contain_text("Live again")


def test_everything_stops_and_starts_again(console: Page, home, world):
    console.get_by_role("link", name="Stop all sending").click()
    assert Shop.objects.get(id=world.shop.id).stopped_at is None
    console.get_by_role("button", name="Stop all sending").click()
    expect(console.get_by_text("All sending of this shop is stopped")).to_be_visible()
    console.get_by_role("link", name="Start sending again").click()
    console.get_by_role("button", name="Start sending").click()
    expect(console.get_by_text("All sending of this shop is stopped")).to_be_hidden()


def test_a_green_badge_leads_to_its_order(console: Page, home, world):
    console.goto(f"{home}/wines/customers/{world.ben.id}/")
    console.get_by_role("link", name="became order #1012").click()
    expect(console).to_have_url(re.compile(f"#order-{world.ben_order.id}$"))
