"""What a shop switches on is in its mails: links by way of us, a picture; off, there is neither."""

import re

import pytest

from ripresa.contracts.feedback import FeedbackKind
from ripresa.core.ids import new_id
from ripresa.domain.messages.models import Message, MessageContent, MessageFeedback
from ripresa.usecases.feedback.verdicts import judge_seen, shops_with_seen
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
STEP = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
SENT = T0 + DAY
HREF = re.compile(r'href="([^"]+)"')


def written(**tracking):
    world = make_world(**tracking)
    world.scenario(steps=STEP)
    world.cart(world.contact())
    world.run_until(SENT)
    [mail] = world.channel.mails
    content = MessageContent.objects.get(shop_id=world.shop_id)
    assert content.said() == (mail.html, mail.text)
    return world, mail, content


def test_off_no_link_and_no_picture_is_ours():
    _, mail, content = written()
    assert content.urls == []
    assert "/c/" not in mail.html
    assert "/o/" not in mail.html
    assert "https://shop.test/vino" in mail.html


def test_on_links_into_the_shop_lead_by_way_of_us_and_our_own_stay():
    world, mail, content = written(track_clicks=True)
    message = Message.objects.get(shop_id=world.shop_id)
    links = HREF.findall(mail.html)
    by_us = [link for link in links if "/c/" in link]
    assert content.urls
    assert content.urls == ["https://shop.test"]
    assert all(link.startswith("https://mail.shop.test/") for link in links if "http" in link)
    assert any("/r/" in link for link in links)
    assert any("/u/" in link for link in links)
    assert {link.rsplit("-", 1)[1] for link in by_us} == {
        str(number) for number in range(len(content.urls))
    }
    assert "/c/" not in mail.text
    assert "/o/" not in mail.html
    assert message.state == "sent"


def test_on_a_picture_stands_at_the_end():
    _, mail, content = written(track_opens=True)
    assert re.search(r'<img src="https://mail\.shop\.test/o/[a-z2-7]+"[^>]*></body>', mail.html)
    assert content.urls == []


def test_what_the_intake_has_seen_is_judged():
    world, _, _ = written(track_clicks=True)
    message = Message.objects.get(shop_id=world.shop_id)

    def see(kind, at, agent, url="", detail=""):
        MessageFeedback.objects.create(
            shop_id=world.shop_id, id=new_id(at), source="tracking", event_id=str(new_id(at)),
            kind=kind, message_id=message.id, channel="email", occurred_at=at, received_at=at,
            url=url, user_agent=agent, detail=detail,
        )  # fmt: skip

    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    see(FeedbackKind.CLICKED, SENT + HOUR, browser, "https://shop.test/vino")
    see(FeedbackKind.CLICKED, SENT, browser, "https://shop.test/vino")
    see(FeedbackKind.CLICKED, SENT + 2 * HOUR, browser, "https://shop.test/vino", "head")
    see(FeedbackKind.OPENED, SENT + HOUR, "Mozilla/5.0")
    assert world.shop_id in shops_with_seen()
    assert judge_seen(shop_id=world.shop_id, now=SENT + DAY) == 4
    assert world.shop_id not in shops_with_seen()
    rows = MessageFeedback.objects.filter(shop_id=world.shop_id).order_by("kind", "occurred_at")
    assert list(rows.values_list("verdict", "verdict_rule")) == [
        ("machine", "too_soon"), ("person", ""), ("machine", "probe"), ("machine", "privacy_proxy"),
    ]  # fmt: skip
