"""Capture in the settings: health with the figures of `ripresa health`, the script, the pop-up, shadow mode."""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import CaptureAlarm
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.shops.models import AccessKey, Shop
from ripresa.usecases.health.hours import latest_hours
from ripresa.usecases.health.telling import tell_health
from ripresa.usecases.health.watching import Heard
from ripresa.usecases.popup.settings import find_popup
from tests.db.console.pages import markup, part, text_of
from tests.rows import T0, make_cart

HOME = "/wines/settings/"


def test_health_tells_what_the_command_tells(world, ada):
    for week in range(1, 5):
        for number in range(3):
            left = T0 - timedelta(weeks=week, minutes=10 * number + 5)
            make_cart(world.shop, None, left_at=left, state="expired", begun_at=left)
    CaptureAlarm.objects.create(
        shop=world.shop, id=new_id(T0), began_at=T0, hours=3, seen=1, usual=40
    )
    page = ada.get(f"{HOME}health/?days=30")
    found = tell_health(shop_id=world.shop.id, now=T0, days=30)
    assert f"{found.orders_known} of {found.orders} orders" in text_of(page)
    assert "1 carts where 40 are usual" in part(page, "Alarms")
    assert "Quiet since" in part(page, "Carts against the usual")
    assert "ada@wines.test" in part(page, "Alarms") or world.shop.owner_email == ""
    assert "data-chart" in markup(page)


def test_the_usual_of_an_hour_is_told_once_three_weeks_are_known():
    hour = T0.replace(minute=0)
    begun = {hour - timedelta(weeks=n, hours=1): n for n in (1, 2, 3)}
    heard = Heard(begun | {hour - timedelta(hours=1): 7}, hour - timedelta(weeks=3, hours=2))
    before, latest = latest_hours(heard, now=T0, hours=2)
    assert (latest.seen, latest.usual) == (7, 2.0)
    assert (before.seen, before.usual) == (0, 0.0)
    young = Heard(begun, hour - timedelta(weeks=2))
    assert latest_hours(young, now=T0, hours=1)[0].usual is None


def test_patience_is_set_and_a_nonsense_refused(world, ada):
    asked = {"asks": "yes", "ask_after": "2", "ask_after-unit": "h"}
    ada.post(f"{HOME}health/patience/", asked)
    assert Shop.objects.get(id=world.shop.id).ask_after == timedelta(hours=2)
    wrong = ada.post(f"{HOME}health/patience/", {**asked, "ask_after": "soon"}, follow=True)
    assert "nothing was changed" in text_of(wrong)
    ada.post(f"{HOME}health/patience/")
    assert Shop.objects.get(id=world.shop.id).ask_after is None


def test_the_snippet_holds_a_key_and_says_when_it_is_heard(world, ada):
    assert "Make a key for the pages" in text_of(ada.get(f"{HOME}storefront/"))
    for _ in range(2):
        ada.post(f"{HOME}storefront/key/")
    key = AccessKey.objects.get(shop=world.shop)
    page = ada.get(f"{HOME}storefront/")
    assert f"data-key=&quot;{key.text}&quot;" in page.content.decode()
    assert "Not heard yet" in text_of(page)
    event = {
        "shop_id": world.shop.id, "type": "cart.updated", "trusted": False, "occurred_at": T0,
        "source": "shop/storefront", "received_at": T0,
    }  # fmt: skip
    InboxEvent.objects.create(id=new_id(T0), external_id="ripresa-probe-1", **event)
    heard = {"headers": {"HX-Request": "true"}}
    assert "Not heard yet" in text_of(ada.get(f"{HOME}storefront/", **heard))
    old = T0 - timedelta(days=3)
    InboxEvent.objects.create(id=new_id(old), external_id="e1", **event)
    assert "Silent for a day" in text_of(ada.get(f"{HOME}storefront/", **heard))
    InboxEvent.objects.create(id=new_id(T0), external_id="e2", **event)
    answer = ada.get(f"{HOME}storefront/", **heard)
    assert "We have heard it" in text_of(answer)
    assert "hx-get" not in answer.content.decode()


def popup_form(**typed) -> dict[str, str]:
    return {
        "language": "it", "enabled": "yes", "on_exit": "yes", "after_pages": "2",
        "again_after_days": "14", "colour_background": "#ffffff", "colour_text": "#1f2937",
        "colour_button": "#1d4ed8", "colour_button_text": "#ffffff", **typed,
    }  # fmt: skip


def test_the_pop_up_is_set_and_seen_before_it_is_saved(world, ada):
    typed = popup_form(word_title="Un attimo!", word_privacy_url="https://wines.test/privacy")
    seen = ada.post(f"{HOME}popup/preview/?ripresa_popup=preview", typed)
    assert "Un attimo!" in seen.content.decode()
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert Shop.objects.get(id=world.shop.id).popup is None
    ada.post(f"{HOME}popup/", typed)
    popup = find_popup(Shop.objects.get(id=world.shop.id))
    assert popup.enabled
    assert popup.show.after_pages == 2
    assert popup.words["it"].title == "Un attimo!"
    assert popup.words["it"].button is None
    ada.post(f"{HOME}popup/", popup_form(language="de", word_title="Moment!"))
    assert set(find_popup(Shop.objects.get(id=world.shop.id)).words) == {"it", "de"}
    assert "does it carry the script?" in text_of(ada.get(f"{HOME}popup/"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"colour_text": "#eeeeee"}, "choose colours that differ more"),
        ({"word_privacy_url": "privacy"}, "A web address"),
        ({"after_seconds": "soon"}, "A number that makes sense"),
        ({"after_pages": "0"}, "A number that makes sense"),
        ({"only_these": "yes"}, "Write words of your own"),
        ({"language": "fr", "word_title": "Un instant"}, "all of its words are needed"),
    ],
)
def test_a_pop_up_that_makes_no_sense_keeps_what_was_typed(typed, words, world, ada):
    answer = ada.post(f"{HOME}popup/", popup_form(**typed))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Not shown" in text_of(ada.post(f"{HOME}popup/preview/", popup_form(**typed)))


def test_shadow_mode_is_switched_and_an_old_form_changes_nothing(world, ada):
    ada.post(f"{HOME}shadow/", {"to": "on"})
    assert "nothing leaves" in text_of(ada.get("/wines/carts/"))
    again = ada.post(f"{HOME}shadow/", {"to": "on"}, follow=True)
    assert "it was so already" in text_of(again)
    assert "Nothing would have gone yet" in text_of(again)
    ada.post(f"{HOME}shadow/", {"to": "off"})
    assert Shop.objects.get(id=world.shop.id).shadow_until == T0
