"""What a mail program would make a link of is no plain word; what shops call their goods is."""

import time

import pytest

from ripresa.intake.storefront.plain_words import has_link


@pytest.mark.parametrize(
    "text",
    [
        "Vino rosso, 0.75 l",
        "Barolo D.O.C.G. 2016",
        "St.Pauli Schal",
        "Dr.Martens 1460",
        "Node.js Tasse",
        "S.p.A. e S.r.l.",
        "Müller GmbH & Co.KG",
        "Art.Nr. 4711 / Art.No 12",
        "Size 10.5 (EU 43)",
        "A < B & C > D",
        "50% off: 2 for 1",
        "Rock & roll*",
        "Ștefan, Çelik, Łukasz, Ольга",
        "👩‍👩‍👧 T-shirt",
        "Version 2.0.1",
        "Ada",
        "O'Brien-Smith",
        "Via Roma 1/a",
        "",
        "№ 5",
        "1/2 Liter…",
    ],
)
def test_plain(text):
    assert not has_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.test/",
        "see http://1.2.3.4",
        "ftp://x",
        "www.evil",
        "mailto:x",
        "evil.com",
        "You won! t.me/prize",
        "bit.ly/3xYz",
        "go to EVIL.SHOP now",
        "evil.co.uk",
        "evil。com",
        "evil．com",
        "ｅｖｉｌ．ｃｏｍ",
        "пример.com",
        "evil.xn--p1ai",
        "write to a@b",
        "<b>Vino</b>",
        "</p><a href=x>",
        "<!-- x",
        "&lt;a&gt;",
        "&#60;",
        "{{ contact.email }}",
        "{% if x %}",
        "*|COUPON|*",
        "[click](x)",
        "Ada\nBcc: x",
        "Ada\r",
        "Ada\x00",
        "Ada\x1b[31m",
        "evil\u200b.com",
        "moc.live\u202e",
        "\u2066x\u2069",
    ],
)
def test_not_plain(text):
    assert has_link(text)


def test_long_texts_cost_no_more_than_their_length():
    began = time.process_time()  # what else runs on the machine does not count
    for piece in ("a", "a.", "a-", "-", "._", "&a", "é", "{", "]", "a@", "1.a"):
        has_link(piece * 500 + ".")
        has_link("." + piece * 500)
    assert time.process_time() - began < 2
