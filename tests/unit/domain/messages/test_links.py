"""Links and Message-IDs follow from the message and the secret, and from nothing else."""

import hashlib
import re
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.messages.links import PURPOSES, RESTORE, UNSUBSCRIBE, VIEW, Letterhead

NOW = datetime(2026, 10, 3, tzinfo=UTC)
ID = UUID(int=7)
HEAD = Letterhead("https://mail.shop.test:8443", "secret")

purposes = st.sampled_from(PURPOSES)
letterheads = st.builds(Letterhead, st.just("https://a.test"), st.sampled_from(["s1", "s2"]))


def test_a_link_is_short_and_names_its_shop():
    url = HEAD.url(RESTORE, 42, ID)
    assert re.fullmatch(r"https://mail\.shop\.test:8443/r/42-[A-Za-z0-9_-]{27}", url)
    assert HEAD.url(UNSUBSCRIBE, 42, ID).startswith("https://mail.shop.test:8443/u/42-")
    assert HEAD.url(VIEW, 42, ID).startswith("https://mail.shop.test:8443/v/42-")


def test_the_message_id_stands_under_the_public_host():
    assert re.fullmatch(r"[a-z2-7]{47}@mail\.shop\.test", HEAD.mail_id(42, ID))


@given(purposes, st.integers(1, 10**12), st.uuids())
def test_only_the_hash_of_a_token_is_stored(purpose, shop_id, message_id):
    token = HEAD.url(purpose, shop_id, message_id).rpartition(f"/{shop_id}-")[2]
    stored = HEAD.stored(purpose, shop_id, message_id, NOW)
    assert stored.token_hash == hashlib.sha256(token.encode()).digest()
    assert (stored.purpose, stored.expires_at) == (purpose.name, NOW + purpose.valid_for)


@given(
    st.tuples(letterheads, purposes, st.integers(1, 3), st.uuids()),
    st.tuples(letterheads, purposes, st.integers(1, 3), st.uuids()),
)
def test_two_links_are_the_same_only_if_all_is_the_same(left, right):
    (head, *of_left), (other, *of_right) = left, right
    assert (head.url(*of_left) == other.url(*of_right)) == (left == right)


def test_the_secret_is_never_shown():
    assert "secret" not in repr(HEAD).replace("secret_key", "")


def test_a_message_is_named_by_its_key():
    assert HEAD.named_by(HEAD.message_key(42, ID)) == (42, ID)
    assert Letterhead("https://a.test", "other").named_by(HEAD.message_key(42, ID)) is None
