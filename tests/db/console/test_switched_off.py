"""What a shop has switched off: no page leads there, and the address says what is off and who can change it."""

import re
from html import unescape
from pathlib import Path

import ripresa.console
from ripresa.console.layout.switches import closed_by, is_open
from ripresa.domain.shops.features import Feature
from ripresa.domain.shops.models import Shop
from tests.db.console.pages import text_of
from tests.worlds.addresses import ROUTES, address

CONSOLE = Path(ripresa.console.__file__).parent
# Pages of other rooms that lead to rooms that may be closed.
LEADING = ("home", "work", "settings-hours")
# Where the pages of a feature's own rooms are made.
OWN = {"scenarios": ("scenarios", "wizard"), "popup": ("popup.html",)}


def _closable() -> dict[str, str]:
    """The addresses that a switch can close, each with its feature."""
    shop = Shop(slug="<slug:slug>", features_off=[one.value for one in Feature])
    closed = {name: closed_by(shop, f"/{route}") for name, route in ROUTES.items()}
    return {name: feature.value for name, feature in closed.items() if feature}


def test_pages_of_other_rooms_name_such_an_address_only_where_it_is_open():
    features = _closable()
    assert {"scenario": "scenarios", "popup": "popup"}.items() <= features.items()
    for path in (CONSOLE / "templates").rglob("*.html"):
        for name in re.findall(r"\{% url ['\"]([\w-]+)['\"]", path.read_text()):
            own = OWN.get(features.get(name, ""), (features.get(name),))
            assert name not in features or {*own} & {*path.parts}, f"{path.name}: open_url {name}"


def test_nobody_is_led_to_what_the_shop_does_not_use(world, ada):
    targets = [address(page, world.shop, world) for page in LEADING]
    ways = {link for each in targets for link in _links(ada.get(each))}
    world.shop.features_off = [one.value for one in Feature]
    world.shop.save()
    assert {one.split("/")[2] for one in ways if not is_open(world.shop, one)} >= {
        "scenarios",
        "campaigns",
    }
    for target in targets:
        assert [one for one in _links(ada.get(target)) if not is_open(world.shop, one)] == []


def _links(answer) -> set[str]:
    found = re.findall(r'(?:href|action|hx-get|hx-post)="([^"]+)"', answer.content.decode())
    return {unescape(one).partition("?")[0] for one in found}


def test_a_pool_of_coupons_leads_to_scenarios_only_where_there_are_some(world, ada):
    page, scenario = address("coupon-pool", world.shop, world), "/wines/scenarios/"
    assert any(one.startswith(scenario) for one in _links(ada.get(page)))
    world.shop.features_off = ["scenarios"]
    world.shop.save()
    assert not any(one.startswith(scenario) for one in _links(ada.get(page)))


def test_the_address_says_what_is_off_and_who_can_switch_it_on(world, ada, vera):
    world.shop.features_off = ["campaigns"]
    world.shop.save()
    told = ada.get("/wines/campaigns/")
    assert told.status_code == 404
    text = text_of(told)
    assert "Switched off for this shop Mails, SMS and letters to a segment" in text
    assert "Overview Carts" in text  # in the frame, with the menu
    assert "/wines/settings/features/" in _links(told)
    looked = vera.get("/wines/campaigns/")
    assert "An owner or a marketer of the shop can switch it on" in text_of(looked)
    world.shop.features_withheld = ["campaigns"]
    world.shop.save()
    assert "Whoever runs this install has withheld it." in text_of(ada.get("/wines/campaigns/"))
