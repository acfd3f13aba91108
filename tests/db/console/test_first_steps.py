"""The first steps on the overview: done or not is what the data says, and they can be put away and found again."""

import re

from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.carts.models import CaptureAlarm
from ripresa.domain.shops.models import Membership
from tests.db.console.pages import markup, part, text_of
from tests.rows import T0, make_cart, make_shop
from tests.worlds.connections import connection_of


def done(page) -> list[bool]:
    """Which of the steps are done."""
    guide = markup(page).partition('class="panel guide"')[2].partition("</section>")[0]
    return ["done" in each for each in re.findall(r"<li([^>]*)>", guide)]


def test_a_new_shop_is_led_until_it_is_live(world, ada):
    fresh = make_shop("fresh", "Fresh")
    Membership.objects.create(shop=fresh, id=new_id(T0), user=world.ada, role="owner")
    page = ada.get("/fresh/")
    assert done(page) == [False, False, False]
    assert "0 of 3 done" in text_of(page)
    assert 'href="/fresh/settings/connections/new/"' in markup(page)
    make_cart(fresh, None, left_at=T0, state="open", is_test=True, token="ripresa-probe-1")
    assert done(ada.get("/fresh/")) == [False, False, False]
    make_cart(fresh, None, left_at=T0, state="open")
    tried = Subject(About.MESSAGE, "test", "reminder")
    for is_taken in (False, True):
        assert done(ada.get("/fresh/")) == [True, False, False]
        write_down(
            shop_id=fresh.id, action=Action.TRIED, subject=tried, now=T0,
            after={"channel": "email", "taken_over": is_taken},
        )  # fmt: skip
    assert done(ada.get("/fresh/")) == [True, True, False]
    ada.post("/fresh/guide/away/")
    assert done(ada.get("/fresh/")) == []
    assert 'href="?guide=yes"' in markup(ada.get("/fresh/"))
    assert done(ada.get("/fresh/?guide=yes")) == [True, True, False]
    # Who only looks can take none of them.
    Membership.objects.filter(shop=fresh).update(role="viewer")
    ada.cookies.pop("ripresa_guide_away")
    assert "First steps" not in text_of(ada.get("/fresh/"))


def test_who_is_under_way_is_not_led_and_sees_what_is_wrong(world, ada, vera):
    connection = connection_of(world)
    CaptureAlarm.objects.create(
        shop=world.shop, id=new_id(T0), began_at=T0, hours=3, seen=1, usual=40
    )
    page = ada.get("/wines/")
    assert done(page) == []
    look = part(page, "Needs a look")
    assert "Far fewer carts than usual" in look
    assert "reminds people as well" in look
    assert f'href="/wines/settings/connections/{connection.id}/"' in markup(page)
    assert "Works, with a warning" in part(page, "Capture")
    assert "Connect a shop" not in text_of(vera.get("/wines/"))
