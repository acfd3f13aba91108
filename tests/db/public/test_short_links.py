"""MSG-5: a short link shows what the long one does, and a GET changes nothing."""

import hashlib
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import ConsentClaim
from ripresa.domain.messages.links import (
    NO_MESSAGE,
    RESTORE,
    UNSUBSCRIBE,
    VIEW,
    Letterhead,
    own_letterhead,
)
from ripresa.domain.messages.models import MessageLink
from ripresa.domain.messages.short_codes import TOKEN_LENGTH, write_code
from tests.rows import DAY, T0

HEAD = Letterhead("https://mail.shop.test", "a secret", "https://go.test")


@pytest.fixture
def short(world):
    """A short link of Ben's message: short(RESTORE) is its path."""
    Cart.objects.filter(id=world.ben_recovered.id).update(state="abandoned", order_id=None)

    def make(purpose, *, days=30):
        message = world.sent
        stored = HEAD.stored(purpose, world.shop.id, message.id, T0, is_short=True)
        MessageLink.objects.create(
            shop=world.shop, token_hash=stored.token_hash, purpose=purpose.name,
            message_id=message.id, expires_at=T0 + days * DAY,
        )  # fmt: skip
        url = HEAD.url(purpose, world.shop.id, message.id, is_short=True)
        return url.removeprefix("https://go.test")

    return make


def test_it_restores_the_cart(short, client, world):
    path = short(RESTORE)
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert b"Barolo" in answer.content
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    client.head(path)
    assert MessageLink.objects.get(purpose="restore").used_at is None
    assert client.post(path).status_code == 303
    assert MessageLink.objects.get(purpose="restore").used_at is not None


def test_it_unsubscribes_by_post_alone(short, client, world):
    path = short(UNSUBSCRIBE)
    before = ConsentClaim.objects.count()
    assert client.get(path).status_code == 200
    client.head(path)
    assert ConsentClaim.objects.count() == before
    assert client.post(path).status_code == 200
    assert ConsentClaim.objects.count() == before + 1


def test_an_expired_one_says_so_and_an_unsubscribe_never_ends(short, client, world):
    assert client.get(short(RESTORE, days=-1)).status_code == 410
    assert client.post(short(UNSUBSCRIBE, days=-1)).status_code == 200


def test_a_tracked_address_leads_on_to_where_clicks_are_kept(client, world):
    head, message = own_letterhead(), world.sent
    for number in (0, 1):
        stored = head.stored_click(world.shop.id, message.id, number, T0)
        MessageLink.objects.create(
            shop=world.shop, token_hash=stored.token_hash, purpose=stored.purpose,
            message_id=message.id, expires_at=stored.expires_at,
        )  # fmt: skip
        answer = client.get(urlsplit(head.short_click_url(world.shop.id, message.id, number)).path)
        assert answer.status_code == 302
        assert answer.headers["Location"] == head.click_url(world.shop.id, message.id, number)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    MessageLink.objects.update(expires_at=T0 - DAY)
    assert (
        client.get(urlsplit(head.short_click_url(world.shop.id, message.id, 0)).path).status_code
        == 410
    )
    nobodys = urlsplit(head.short_click_url(world.shop.id, NO_MESSAGE, 0)).path
    assert client.get(nobodys).status_code == 404


def test_it_is_good_in_its_shop_and_for_its_purposes_alone(short, client, world):
    token = short(RESTORE)[-TOKEN_LENGTH:]
    assert client.get(f"/s/{write_code(world.other_shop.id, token)}").status_code == 404
    viewed = short(VIEW)
    assert client.get(viewed).status_code == 404


@pytest.mark.parametrize(
    "code", ["", "1", "x" * 12, "1" + "a" * 11, "../login", "1%00" + "a" * 11, "z" * 400]
)
def test_one_nobody_was_given_is_not_there(code, world, client):
    answer = client.get(f"/s/{code}", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert b"This link leads nowhere" in answer.content


def test_the_database_knows_no_code(short, world):
    token = short(RESTORE)[-TOKEN_LENGTH:]
    (stored,) = MessageLink.objects.filter(purpose="restore")
    assert bytes(stored.token_hash) == hashlib.sha256(token.encode()).digest()
    assert UUID(str(stored.message_id)) == world.sent.id
