"""Text made cheaper: all replacement pairs, each language's own way, and what must never change."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.sms.folding import cheapest, fold
from ripresa.contracts.sms.text import Encoding, count, is_gsm
from tests.unit.contracts.sms.test_text import VECTORS


@pytest.mark.foreign
def test_replacement_pairs():
    """All 271. A wide or no-break space becomes one space: the list's two or seven cost more and look odd."""
    pairs = json.loads((VECTORS / "twilio_smart_encoding_pairs.json").read_text())
    assert len(pairs) == 271
    for pair in pairs:
        expected = pair["to"] if pair["to"].strip() else pair["to"][:1]
        assert fold(pair["from"], "en") == expected, pair["codepoints"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("pl", "Zażółć gęślą jaźń", "Zazólc gesla jazn".replace("ó", "o")),
        ("ro", "Coșul tău așteaptă, țărână", "Cosul tau asteapta, tarana"),
        ("it", "È già qui: perché no?", "E' già qui: perché no?"),
        ("it-CH", "COSÌ", "COSI'"),
        ("fr", "Ça coûte cher, garçon: œuf à 3 €", "Ça coute cher, garcon: oeuf à 3 €"),
        ("de", "„Größe“ – schön …", '"Größe" - schön ...'),
        ("ru", "Ваша корзина ждёт: Щука", "Vasha korzina zhdet: Shchuka"),
        ("en", "Ваша", "Ваша"),
        ("", "e\u0301 s\u0326", "é s"),
        ("en", "ｆｕｌｌ　ｗｉｄｔｈ！", "full width!"),
        ("en", "😜", "😜"),
    ],
)
def test_each_language_has_its_own_way(language, text, expected):
    assert fold(text, language) == expected


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["it", "ru", "de", "", "en-GB"]),
)
def test_the_alphabet_is_never_touched_and_folding_twice_is_folding_once(text, language):
    folded = fold(text, language)
    assert fold(folded, language) == folded
    if is_gsm(text):
        assert folded == text


def test_text_is_folded_only_where_that_saves_a_part():
    short = "Coșul tău"
    assert cheapest(short, "ro") == short
    long = "Coșul tău te așteaptă. " * 5
    assert count(long).segments == 2
    assert cheapest(long, "ro") == fold(long, "ro")
    assert count(cheapest(long, "ro")).segments == 1
    with_picture = long + "😜"
    assert cheapest(with_picture, "ro") == with_picture


def test_folded_text_is_cheap():
    assert count(fold("„Coșul” – 5 € …", "ro")).encoding is Encoding.GSM_7
