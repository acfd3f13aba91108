"""Encoding, units and parts: foreign vectors, the standard's table, and an independent reading."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ripresa.contracts.sms.text import Encoding, SmsCount, characters, count, is_gsm, split
from tests.foreign import FOREIGN

VECTORS = FOREIGN / "vectors/sms"
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
gsm_text = st.text(st.sampled_from(GSM + EXTENSION), max_size=700)
any_text = st.text(
    st.one_of(st.sampled_from(GSM + EXTENSION + "чș😜🏳"), st.characters()), max_size=400
)


@pytest.mark.foreign
def test_segmentation_vectors():
    cases = json.loads((VECTORS / "twilio_segment_vectors.json").read_text())
    assert len(cases) == 10
    for case in cases:
        found = count(case["body"])
        bits = found.units * (7 if found.encoding is Encoding.GSM_7 else 16)
        headers = 48 * found.segments if found.segments > 1 else 0
        assert {
            "encoding": found.encoding,
            "segments": found.segments,
            "messageSize": bits,
            "totalSize": bits + headers,
            "characters": found.characters,
        }.items() <= case.items(), case["testDescription"]


@pytest.mark.foreign
def test_the_alphabet_is_the_standard_s():
    """Unicode's table says small c-cedilla at 0x09; 3GPP TS 23.038 and all phones say capital."""
    table = {}
    for line in (VECTORS / "GSM0338.TXT").read_text("utf-8").splitlines():
        if line.startswith("0x"):
            code, letter = line.split("\t")[:2]
            table[int(code, 16)] = chr(int(letter, 16))
    del table[0x1B]  # the way into the extension table
    assert len(table) == 127 + 10
    table[0x09] = "Ç"
    for code, letter in table.items():
        found = count(letter)
        assert (found.encoding, found.units) == (Encoding.GSM_7, 2 if code > 0xFF else 1), letter
    assert {*GSM, *EXTENSION} == set(table.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SmsCount(Encoding.GSM_7, 0, 0, 0)),
        ("a" * 160, SmsCount(Encoding.GSM_7, 160, 160, 1)),
        ("a" * 161, SmsCount(Encoding.GSM_7, 161, 161, 2)),
        ("a" * 306, SmsCount(Encoding.GSM_7, 306, 306, 2)),
        ("a" * 307, SmsCount(Encoding.GSM_7, 307, 307, 3)),
        ("€" * 80, SmsCount(Encoding.GSM_7, 80, 160, 1)),
        ("ñä", SmsCount(Encoding.GSM_7, 2, 2, 1)),  # both are in the alphabet (MSG-5)
        ("ș" + "a" * 69, SmsCount(Encoding.UCS_2, 70, 70, 1)),
        ("ș" + "a" * 70, SmsCount(Encoding.UCS_2, 71, 71, 2)),
        ("ș" + "a" * 133, SmsCount(Encoding.UCS_2, 134, 134, 2)),
        ("ș" + "a" * 134, SmsCount(Encoding.UCS_2, 135, 135, 3)),
        ("\x1b", SmsCount(Encoding.UCS_2, 1, 1, 1)),
        ("Ciao\r\n", SmsCount(Encoding.GSM_7, 6, 6, 1)),
    ],
)
def test_limits(text, expected):
    assert count(text) == expected


def test_an_extension_character_is_not_torn():
    text = "a" * 152 + "€" + "b" * 152
    assert split(text) == ("a" * 152, "€" + "b" * 151, "b")
    assert count(text).segments == 3  # 306 units, which would be two parts if they could be torn


def test_a_surrogate_pair_is_not_torn():
    text = "ч" * 66 + "😜" + "ч" * 66
    assert split(text) == ("ч" * 66, "😜" + "ч" * 65, "ч")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("è", 1),
        ("e\u0301", 1),
        ("👍🏽", 1),
        ("👨‍👩‍👧", 1),
        ("🇮🇹🇷🇴🇩", 3),
        ("\uac01", 1),
        ("\u1100\u1161\u11a8", 1),
        ("a\u200db", 2),
        ("\r\n", 2),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 1),
        ("ș\u0301x", 2),
    ],
)
def test_characters_are_counted_as_a_reader_does(text, expected):
    assert characters(text) == expected


def cost(letter, *, gsm):
    """The independent reading: septets by the two tables, else bytes of UTF-16 halved."""
    if gsm:
        return 1 + (letter in EXTENSION)
    return len(letter.encode("utf-16-be", "surrogatepass")) // 2


@given(st.one_of(gsm_text, any_text))
@example("a" * 152 + "€" * 300)
def test_parts_hold_the_text_in_order_and_none_is_too_full_or_too_empty(text):
    gsm = set(text) <= {*GSM, *EXTENSION}
    alone, per_part = (160, 153) if gsm else (70, 67)
    sizes = [sum(cost(letter, gsm=gsm) for letter in part) for part in split(text)]
    assert "".join(split(text)) == text
    assert is_gsm(text) is gsm
    if len(sizes) == 1:
        assert 0 < sizes[0] <= alone
        return
    assert sum(sizes) == 0 or sum(sizes) > alone
    parts = split(text)
    for size, following in zip(sizes, parts[1:], strict=False):
        assert size <= per_part < size + cost(following[0], gsm=gsm)
    assert not sizes or 0 < sizes[-1] <= per_part


@given(any_text)
def test_counting_agrees_with_splitting(text):
    found = count(text)
    assert found.segments == len(split(text))
    gsm = found.encoding is Encoding.GSM_7
    assert found.units == sum(cost(letter, gsm=gsm) for letter in text)
    assert found.characters <= len(text)
