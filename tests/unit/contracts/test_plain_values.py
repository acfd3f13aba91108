"""Phone numbers, addresses and the like: one agreed form, or none."""

import json
import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts import plain_values as plain
from tests.foreign import FOREIGN

EXAMPLES = FOREIGN / "vectors/phonenumbers_examples_by_region.json"


def as_the_library_has_it(text):
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


codes = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)).map(str)
digits = st.text("0123456789", max_size=16)


@given(st.builds("+{}{}".format, codes | st.just(""), digits))
def test_the_short_way_to_a_phone_number_ends_where_the_long_one_does(text):
    assert plain.normalise_phone(text) == as_the_library_has_it(text)


@pytest.mark.foreign
def test_numbers_of_every_region_are_agreed_on():
    numbers = re.findall(r'"(\+[0-9 ().-]+)"', EXAMPLES.read_text(encoding="utf-8"))
    assert len(numbers) > 1000
    for text in map(json.loads, (f'"{number}"' for number in numbers)):
        agreed = plain.normalise_phone(text)
        assert agreed == as_the_library_has_it(text)
        assert agreed is None or plain.normalise_phone(agreed) == agreed


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.test",
        "a@b.co",
        "first.last+tag@sub.example.test",
        "o'brien@example.test",
        "1@2.example",
        "_x_@example.test",
        "a" * 64 + "@example.test",
        "a@" + "b" * 63 + ".test",
        "a@example.museum",
        "a@xn--bcher-kva.example",
        "a@example.xn--p1ai",
    ],
)
def test_an_address_that_a_mail_can_reach(text):
    assert plain.normalise_email(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "@", "a@", "@b.test", "ada", "a@b", "a@localhost", "a b@example.test", "a@exa mple.test",
        "a@@example.test", "a@b@example.test", ".a@example.test", "a.@example.test", "a..b@example.test",
        "a@example..test", "a@.example.test", "a@example.test.", "a@-example.test", "a@example-.test",
        "a@example.t", "a@example.123", "a@127.0.0.1", "a@[127.0.0.1]", '"a b"@example.test',
        "Ada <a@example.test>", "a@example.test,b@example.test", "a@example.test\nBcc: b@example.test",
        "a\x00@example.test", "mailto:a@example.test ", "àda@example.test", "a" * 65 + "@example.test",
        "a@" + "b" * 64 + ".test", "a@" + ".".join(["b" * 60] * 5) + ".test", "a@exämple..test",
        "a@\u2024.test", "a(comment)@example.test", "a@example.test>", "a@ex_ample.test",
    ],
)  # fmt: skip
def test_an_address_that_none_can_reach(text):
    assert plain.normalise_email(text) is None


@given(st.text(max_size=40) | st.emails())
def test_an_agreed_address_is_agreed_on_again(text):
    agreed = plain.normalise_email(text)
    if agreed is not None:
        assert plain.normalise_email(agreed) == agreed
        assert agreed == agreed.lower()
        assert agreed.isascii()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Shop.Test/a?b=c#d", "shop.test"),
        ("http://shop.test", "shop.test"),
        ("http://127.0.0.1:8010/x", "127.0.0.1:8010"),
        ("https://shop.test?x", "shop.test"),
        ("https://shop.test/über/€", "shop.test"),
        ("//shop.test/x", None),
        ("HTTPS://shop.test/x", None),
        ("https:///x", None),
        ("https://a@shop.test/", None),
        ("https://shop.test\\x", None),
        ("https://shop.test/a b", None),
        ("https://shop.test/\n", None),
        ('https://shop.test/"onload', None),
        ("https://shop.test/<b>", None),
        ("data:text/html,x", None),
    ],
)
def test_host_of(url, host):
    assert plain.host_of(url) == host
    assert bool(plain.is_url(url)) is (host is not None)


@pytest.mark.parametrize(
    "text", ["it", "it-IT", "pt_BR", "zh-Hant-TW", "en-US-u-ca-gregory", "fil"]
)
def test_a_language_tag(text):
    assert plain.is_locale(text)


@pytest.mark.parametrize(
    "text", ["", "C", "i", "it-", "-it", "it--IT", "it IT", "en_US.UTF-8", "it\n"]
)
def test_no_language_tag(text):
    assert not plain.is_locale(text)


@pytest.mark.parametrize(
    ("text", "currency", "fits"),
    [
        ("9999999999999.99", "EUR", True),
        ("10000000000000", "EUR", True),
        ("10000000000001", "EUR", False),
        ("100000000000", "CLF", True),
        ("999999999999", "KWD", True),
        ("9999999999999", "KWD", False),
        ("0.00000000000000000001", None, True),
    ],
)
def test_the_bounds_of_money(text, currency, fits):
    assert plain.is_in_range(text, currency) is fits


@pytest.mark.parametrize(
    "text", ["a", "0", "v_1", "ünïcode", "a b", "😀", "nullable", "None of them"]
)
def test_an_id(text):
    assert plain.is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a ",
        " a",
        "null",
        "NULL",
        "undefined",
        "None",
        "[object Object]",
        "a\tb",
        "a\x00",
        "\ud800",
        "\u200b",
        "\xa0",
    ],
)
def test_no_id(text):
    assert not plain.is_id(text)
