"""Codes of short links: short, even, and only ours are read."""

import math
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.messages.links import RESTORE, UNSUBSCRIBE, Letterhead
from ripresa.domain.messages.short_codes import TOKEN_LENGTH, read_code, token_of, write_code

NOW = datetime(2026, 10, 3, tzinfo=UTC)
ID = UUID(int=7)
HEAD = Letterhead("https://mail.shop.test", "secret", "https://go.test")
tokens = st.binary(min_size=32, max_size=32).map(token_of)


@given(st.integers(1, 2**63 - 1), tokens)
def test_what_is_written_is_read(shop_id, token):
    assert re.fullmatch(r"[0-9A-Za-z]{11}", token)
    assert read_code(write_code(shop_id, token)) == (shop_id, token)


@given(st.text(max_size=30))
def test_nothing_else_is_read(text):
    found = read_code(text)
    if found is not None:
        assert write_code(*found) == text


@pytest.mark.parametrize(
    "code",
    [
        "",
        "a" * 11,
        "0" + "a" * 11,
        "1-" + "a" * 11,
        "1" + "ä" * 11,
        "z" * 22,
        "1" + "a" * 40,
        "١" + "a" * 11,
    ],
)
def test_what_cannot_be_ours(code):
    assert read_code(code) is None


def test_it_cannot_be_guessed_and_is_no_longer_than_it_must_be():
    assert TOKEN_LENGTH * math.log2(62) > 65
    assert len(HEAD.url(RESTORE, 1, ID, is_short=True)) == len("https://go.test/s/1") + 11


def test_one_message_has_two_links_and_another_secret_makes_others():
    links = {
        head.url(purpose, shop_id, message_id, is_short=True)
        for head in (HEAD, Letterhead("https://mail.shop.test", "another", "https://go.test"))
        for purpose in (RESTORE, UNSUBSCRIBE)
        for shop_id in (1, 2)
        for message_id in (ID, UUID(int=8))
    }
    assert len(links) == 16


def test_without_an_address_of_its_own_the_public_one_serves():
    url = Letterhead("https://mail.shop.test", "secret").url(RESTORE, 1, ID, is_short=True)
    assert url.startswith("https://mail.shop.test/s/1")


def test_only_its_hash_is_stored():
    stored = HEAD.stored(RESTORE, 1, ID, NOW, is_short=True)
    token = HEAD.url(RESTORE, 1, ID, is_short=True)[-TOKEN_LENGTH:]
    assert token.encode() not in stored.token_hash
    assert len(stored.token_hash) == 32
    assert stored.token_hash != HEAD.stored(RESTORE, 1, ID, NOW).token_hash
