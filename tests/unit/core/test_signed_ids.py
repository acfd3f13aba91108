"""A signed id names its row, in a form that everybody carries, and nobody else can make one."""

import re
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ripresa.core.signed_ids import LONGEST, Named, SignedIds, claimed_row

IDS = SignedIds("a secret", "message")
shops = st.integers(1, 2**63 - 1)
rows = st.uuids()
ROW = UUID("019f0000-0000-7000-8000-000000000001")


@given(shops, rows)
@example(1, ROW)
@example(2**63 - 1, UUID(int=2**128 - 1))
def test_it_names_its_row(shop_id: int, row_id: UUID) -> None:
    text = IDS.sign(shop_id, row_id)
    assert re.fullmatch(r"[a-z2-7]+", text)
    assert len(text) <= LONGEST <= 60
    assert IDS.read(text) == Named(shop_id, row_id)
    assert IDS.sign(shop_id, row_id) == text


@given(shops, rows)
@example(2**63 - 1, UUID(int=2**128 - 1))
def test_which_row_it_says_it_names_anybody_can_read(shop_id: int, row_id: UUID) -> None:
    assert claimed_row(IDS.sign(shop_id, row_id)) == row_id


@pytest.mark.parametrize("text", ["", "cart_5", "a" * 44, "a" * 46, "a" * 59, "1" * 47, "à" * 47])
def test_a_text_of_another_form_names_no_row(text: str) -> None:
    assert claimed_row(text) is None


@given(shops, rows)
def test_capitals_are_the_same_id(shop_id: int, row_id: UUID) -> None:
    assert IDS.read(IDS.sign(shop_id, row_id).upper()) == Named(shop_id, row_id)


@given(shops, rows, st.data())
def test_whoever_changes_a_character_has_forged_it(
    shop_id: int, row_id: UUID, data: st.DataObject
) -> None:
    text = IDS.sign(shop_id, row_id)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    assume(other != text[place])
    assert IDS.read(text[:place] + other + text[place + 1 :]) is None


@given(shops, rows, st.sampled_from([SignedIds("another", "message"), SignedIds("a secret", "x")]))
def test_another_install_and_another_purpose_are_strangers(
    shop_id: int, row_id: UUID, other: SignedIds
) -> None:
    assert IDS.read(other.sign(shop_id, row_id)) is None


@given(st.text(max_size=80) | st.text("abcdefghijklmnopqrstuvwxyz234567=", max_size=70))
def test_what_we_have_not_signed_is_not_ours(text: str) -> None:
    assert IDS.read(text) is None


@given(shops, rows, st.text(max_size=12))
def test_nothing_may_stand_around_it(shop_id: int, row_id: UUID, more: str) -> None:
    assume(more)
    text = IDS.sign(shop_id, row_id)
    assert IDS.read(text + more) is None
    assert IDS.read(more + text) is None


def test_the_secret_is_not_shown() -> None:
    assert "a secret" not in repr(IDS)
