"""Addresses that an author types into a short message leave as short ones of ours where clicks are tracked."""

import re

import pytest

from ripresa.domain.messages.models import MessageContent, MessageLink
from ripresa.usecases.templates import edit_template, own_templates
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
STEP = "  - {id: first, after: 0h, send: [sms], template: ours}\n"
PAGE = "https://shop.test/wines/red/barolo-docg-2019-magnum?from=sms"
OURS = re.compile(r"https://go\.test/s/[0-9A-Za-z]{12,}")
WHO = {"who": "ada@wines.test", "now": T0}


def sent(words, *, first_name="Ada", **values):
    """The text that leaves, and where its tracked links lead."""
    world = make_world(**values)
    text = own_templates.begin(shop=world.shop, name="ours", preset="reminder", **WHO)
    edit_template.say(template=text, language="en", slot="sms", text=words, **WHO)
    world.scenario(steps=STEP)
    world.cart(world.contact(phone="+393331234567", consent_sms="granted", first_name=first_name))
    world.run_until(T0 + 2 * DAY)
    [sms] = world.sms.mails
    content = MessageContent.objects.get(shop_id=world.shop_id)
    assert content.said() == ("", sms.text)
    kinds = MessageLink.objects.filter(shop_id=world.shop_id).values_list("purpose", flat=True)
    assert sorted(kinds) == ["click"] * len(content.urls) + ["restore", "unsubscribe"]
    return sms.text, content.urls


def test_on_a_long_address_is_a_short_one_of_ours_and_a_short_one_stays():
    words = f"See {PAGE}. Or https://shop.test/, or again ({PAGE}): {{{{ links.restore }}}}"
    text, urls = sent(words, track_clicks=True)
    assert urls == [PAGE]
    assert PAGE not in text
    first, again, back = OURS.findall(text)
    assert first == again != back
    assert text == f"See {first}. Or https://shop.test/, or again ({first}): {back}"


def test_each_address_has_a_way_of_its_own():
    text, urls = sent(f"{PAGE}&a=1 {PAGE}&a=2", track_clicks=True)
    assert urls == [f"{PAGE}&a=1", f"{PAGE}&a=2"]
    assert len(set(OURS.findall(text))) == 2


def test_a_merge_field_may_stand_in_what_is_typed():
    page = "https://page.example/wines/red/barolo-docg-2019-magnum?for="
    text, urls = sent(page + '{{ person.first_name | default("you") }}', track_clicks=True)
    assert urls == [f"{page}Ada"]
    assert OURS.fullmatch(text)


def test_off_it_stays_as_it_was_typed():
    assert sent(f"See {PAGE}") == (f"See {PAGE}", [])


@pytest.mark.parametrize(
    "named",
    ["", "https://evil.test.example/ ", "https://shop.test//evil.test "],
    ids=["none is typed", "a host that begins so is", "a path with its name is"],
)
def test_nobody_elses_address_stands_under_our_name(named):
    name = "https://evil.test/" + "a" * 40
    text, urls = sent(
        named + '{{ person.first_name | default("you") }}', first_name=name, track_clicks=True
    )
    assert urls == []
    assert "evil" in text
    assert not OURS.search(text)
